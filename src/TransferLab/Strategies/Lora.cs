namespace TransferLab.Strategies;

/// <summary>
/// Low-rank adapters (Hu et al. 2021, arXiv:2106.09685): beside every adapted weight matrix W, which stays frozen, trains a product of two thin
/// ones, and W + alpha / rank x up x down takes its place when the phase ends. A convolution's kernel counts as a matrix of its outputs.
/// </summary>
public sealed record Lora
{
    private const int MostRank = 1024;
    private readonly int _rank = 8;
    private readonly double _alpha = 16;

    /// <summary>Rank of the update, 1 to 1024; no layer gets more than the smaller side of its matrix.</summary>
    public int Rank
    {
        get => _rank;
        init => _rank = value is >= 1 and <= MostRank
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Rank), value, $"The rank of LoRA is 1 to {MostRank}, not {value}.");
    }

    /// <summary>Strength of the update: it is multiplied by alpha / rank, so that the learning rate need not follow the rank. Above 0, at most
    /// 10,000.</summary>
    public double Alpha
    {
        get => _alpha;
        init => _alpha = value is > 0 and <= 10_000
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Alpha), value, $"Alpha of LoRA is above 0 and at most 10000, not {value}.");
    }

    /// <summary>
    /// Which layers: parts of their names, such as <c>query</c> and <c>value</c> of a transformer or <c>conv2</c> of a residual network. Null or
    /// empty for all linear and convolution layers.
    /// </summary>
    public IReadOnlyList<string>? Layers { get; init; }

    /// <summary>What becomes of them when the phase ends.</summary>
    public AdapterMerge Merge { get; init; }

    /// <summary>Whether the layer of a name is adapted.</summary>
    internal bool Includes(string name) => Layers is not { Count: > 0 } || Layers.Any(part => name.Contains(part, StringComparison.Ordinal));

    /// <inheritdoc/>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"rank {Rank}, alpha {Alpha:0.###}, "
            + $"{(Layers is { Count: > 0 } ? $"layers named {string.Join(" or ", Layers)}" : "all linear and convolution layers")}");
}
