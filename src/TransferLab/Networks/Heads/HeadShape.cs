namespace TransferLab.Networks;

/// <summary>What stands between pooled features and outputs.</summary>
public sealed record HeadShape
{
    internal const int MostHiddenUnits = 65_536;
    private readonly int? _hiddenUnits;
    private readonly double _dropout = 0.2;

    /// <summary>A linear head.</summary>
    public static HeadShape Linear { get; } = new();

    /// <summary>Width of a hidden layer in front of the outputs, 1 to 65,536; null for none: a linear head.</summary>
    public int? HiddenUnits
    {
        get => _hiddenUnits;
        init => _hiddenUnits = value is null or (>= 1 and <= MostHiddenUnits) ? value
            : throw new ArgumentOutOfRangeException(nameof(HiddenUnits), $"A hidden layer has 1 to {MostHiddenUnits} units, not {value}.");
    }

    /// <summary>What the hidden layer's sums pass through.</summary>
    public HeadActivation Activation { get; init; }

    /// <summary>Share of the hidden layer's units that training leaves out at random, 0 to below 1.</summary>
    public double Dropout
    {
        get => _dropout;
        init => _dropout = value is >= 0 and < 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Dropout), $"The rate of dropout is 0 to below 1, not {value}.");
    }
}
