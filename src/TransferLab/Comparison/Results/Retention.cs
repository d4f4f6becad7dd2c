namespace TransferLab.Comparison;

/// <summary>The data on which it is measured how much of what the backbone knew is left.</summary>
public sealed record RetentionData
{
    /// <summary>Name of the data, which no strategy was trained on.</summary>
    public required string Name { get; init; }

    /// <summary>Examples used.</summary>
    public required int Examples { get; init; }

    /// <summary>Its classes.</summary>
    public required int Classes { get; init; }

    /// <summary>Accuracy that a linear probe reaches there on the features of the pretrained backbone (five-fold cross-validation).</summary>
    public required double ProbeBefore { get; init; }
}

/// <summary>
/// How much of what the pretrained backbone knew is left after training, on data that has nothing to do with the task. Forgetting of the pretraining task
/// itself cannot be measured without its data; this measures whether the features still serve another task, and how alike they are to what they were.
/// </summary>
/// <param name="Probe">Accuracy of a linear probe on the features after training (five-fold cross-validation); compare with
/// <see cref="RetentionData.ProbeBefore"/>.</param>
/// <param name="Cka">Linear centred kernel alignment of the features before and after (Kornblith et al. 2019): 1 where they are the same but for rotation and
/// scale.</param>
/// <param name="Neighbours">Share of the ten nearest neighbours by cosine that an example has before and after.</param>
public sealed record Retention(double Probe, double Cka, double Neighbours)
{
    /// <summary>The data that it was measured on, in results of runs.</summary>
    public RetentionData? Data { get; init; }
}
