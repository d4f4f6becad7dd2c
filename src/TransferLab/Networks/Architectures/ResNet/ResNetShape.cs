namespace TransferLab.Networks.Architectures;

/// <summary>The sizes that tell one residual network from another; what is not said is ResNet-18's.</summary>
internal sealed record ResNetShape
{
    /// <summary>Blocks in each stage: [2, 2, 2, 2] is ResNet-18, [3, 4, 6, 3] ResNet-34 and, of bottlenecks, ResNet-50.</summary>
    public required IReadOnlyList<int> Blocks { get; init; }

    /// <summary>Channels that each stage ends in; 64, 128, 256 and so on where not given.</summary>
    public IReadOnlyList<int>? Widths { get; init; }

    /// <summary>Channels of the 3x3 convolutions of each stage, where blocks are bottlenecks of three convolutions; null for blocks of two.</summary>
    public IReadOnlyList<int>? Inner { get; init; }

    /// <summary>Groups of the 3x3 convolutions of bottlenecks (ResNeXt, Xie et al. 2016, arXiv:1611.05431).</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Channels of the first convolution.</summary>
    public int Stem { get; init; } = 64;

    /// <summary>For images of 32 pixels: a first convolution of 3x3 that does not stride, and no pooling after it.</summary>
    public bool Small { get; init; }

    /// <summary>Shortcuts across a change of size without weights: every second pixel, and channels of zeros on both sides (option A of He et al.
    /// 2016).</summary>
    public bool PaddedShortcuts { get; init; }

    /// <summary>Bottlenecks stride in their first convolution, as first published, and not in that of 3x3.</summary>
    public bool StridesFirst { get; init; }

    internal bool IsPlain => Widths is null && Inner is null && Groups == 1 && Stem == 64 && !Small && !PaddedShortcuts && !StridesFirst;

    internal bool IsBottleneck => Inner is not null;

    internal int FeatureWidth => WidthOf(Blocks.Count - 1);

    internal int WidthOf(int stage) => Widths?[stage] ?? (64 << stage);

    internal int InputsOf(int stage, int block) => block > 0 ? WidthOf(stage) : stage > 0 ? WidthOf(stage - 1) : Stem;

    internal static int StrideOf(int stage, int block) => stage > 0 && block == 0 ? 2 : 1;

    /// <summary>Whether a block's shortcut is a convolution of its own.</summary>
    internal bool HasProjection(int stage, int block) => !PaddedShortcuts && (StrideOf(stage, block) != 1 || InputsOf(stage, block) != WidthOf(stage));
}
