namespace TransferLab.Comparison;

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
