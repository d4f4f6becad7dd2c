namespace TransferLab.Networks;

/// <summary>Which positions of a text a position sees, padding apart.</summary>
/// <param name="IsCausal">Whether it sees itself and those before it alone.</param>
/// <param name="Window">How many positions it sees at most, itself included, those nearest before it; null for no limit. Only where it is causal.</param>
public readonly record struct AttentionPattern(bool IsCausal = false, int? Window = null)
{
    /// <summary>Every position sees every other.</summary>
    public static AttentionPattern Full => default;

    /// <summary>Every position sees itself and those before it.</summary>
    public static AttentionPattern Causal => new(IsCausal: true);

    /// <summary>Every position sees itself and the nearest before it (Beltagy et al. 2020, arXiv:2004.05150).</summary>
    /// <param name="width">How many positions, itself included; 1 or more.</param>
    public static AttentionPattern Windowed(int width) => width >= 1
        ? new(IsCausal: true, width)
        : throw new ArgumentOutOfRangeException(nameof(width), $"A window of attention is 1 position or more, not {width}.");
}
