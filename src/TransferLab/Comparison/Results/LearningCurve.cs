namespace TransferLab.Comparison;

/// <summary>How good one strategy is with more and more training examples.</summary>
public sealed record LearningCurve
{
    /// <summary>Name of the strategy.</summary>
    public required string Strategy { get; init; }

    /// <summary>One point a size, the smallest first.</summary>
    public required IReadOnlyList<LearningCurvePoint> Points { get; init; }
}

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

/// <summary>Where one strategy overtakes another as training examples become more.</summary>
public sealed record Crossing
{
    /// <summary>The strategy that is ahead with few examples, if any is.</summary>
    public required string First { get; init; }

    /// <summary>The strategy that overtakes it.</summary>
    public required string Second { get; init; }

    /// <summary>
    /// Training examples a class from which the second is ahead for good, by interpolation between the measured sizes on a logarithmic scale; null where
    /// it lies outside them (<see cref="Before"/>, <see cref="After"/>).
    /// </summary>
    public double? PerClass { get; init; }

    /// <summary>Lower end of the 95 % interval, from resamples of test examples and seeds; null where it lies below the smallest size.</summary>
    public double? Low { get; init; }

    /// <summary>Upper end; null where it lies above the largest size.</summary>
    public double? High { get; init; }

    /// <summary>Share of resamples in which the second is ahead at every size.</summary>
    public required double Before { get; init; }

    /// <summary>Share of resamples in which the second is not ahead at the largest size.</summary>
    public required double After { get; init; }

    /// <summary>The finding in one plain sentence.</summary>
    public required string Sentence { get; init; }
}
