namespace TransferLab.Comparison;

/// <summary>One strategy at one number of training examples.</summary>
public sealed record LearningCurvePoint
{
    /// <summary>Training examples a class that were asked for.</summary>
    public required int PerClass { get; init; }

    /// <summary>Training examples in all; fewer than asked for where classes are small.</summary>
    public required int Examples { get; init; }

    /// <summary>Accuracy in [0, 1] with its 95 % interval over test examples and seeds.</summary>
    public required Estimate Accuracy { get; init; }

    /// <summary>Accuracy of every seed.</summary>
    public required IReadOnlyList<double> Accuracies { get; init; }

    /// <summary>Mean macro-averaged F1.</summary>
    public required double MacroF1 { get; init; }

    /// <summary>Mean log loss.</summary>
    public required double LogLoss { get; init; }

    /// <summary>Mean seconds from files to a trained model.</summary>
    public required double TrainSeconds { get; init; }
}
