namespace TransferLab.Strategies;

/// <summary>
/// The baseline without a deep network: an ML.NET trainer on simple features of the input. If it wins, transfer is not worth its price.
/// </summary>
public sealed record ClassicalStrategy : Strategy
{
    private protected override StrategyRole UsualRole => StrategyRole.Baseline;

    internal override bool UsesBackbone => false;

    /// <summary>The baseline.</summary>
    public static ClassicalStrategy Default() => new()
    {
        Name = "classical",
        Description = "baseline: ML.NET's maximum-entropy trainer on edges and colours of images or n-grams of texts, no deep network",
    };
}
