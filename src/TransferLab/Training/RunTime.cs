namespace TransferLab.Training;

/// <summary>Seconds of one run, by what they were spent on.</summary>
public sealed record RunTime
{
    /// <summary>Decoding and resizing the training inputs, where that could not overlap with the network.</summary>
    public required double Reading { get; init; }

    /// <summary>Running frozen layers once over the training examples; measured when they were first computed.</summary>
    public required double Features { get; init; }

    /// <summary>Optimisation, with its validation.</summary>
    public required double Training { get; init; }

    /// <summary>Trials before it, by which the settings were chosen.</summary>
    public double Tuning { get; init; }

    /// <summary>Whether this run found all its features in the cache: it did not spend <see cref="Features"/> and <see cref="Reading"/> again.</summary>
    public bool FeaturesFromCache { get; init; }

    /// <summary>From files to a trained model, without help from the cache.</summary>
    public double Total => Reading + Features + Training + Tuning;
}
