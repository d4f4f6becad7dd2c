namespace TransferLab.Networks.Architectures;

/// <summary>The sizes that tell one network of inverted residuals from another: MobileNets and EfficientNets.</summary>
internal sealed record InvertedResidualShape
{
    /// <summary>Channels of the first convolution, 3x3 with stride 2.</summary>
    public required int Stem { get; init; }

    /// <summary>Activation after the first convolution.</summary>
    public Activation StemActivation { get; init; } = Activation.Relu6;

    /// <summary>The blocks, each as <see cref="InvertedResidualBlockShape"/> writes it: <c>k3 s2 e96 c24</c>.</summary>
    public required IReadOnlyList<string> Blocks { get; init; }

    /// <summary>Channels of the last convolution, 1x1.</summary>
    public required int Head { get; init; }

    /// <summary>Activation after the last convolution.</summary>
    public Activation HeadActivation { get; init; } = Activation.Relu6;

    /// <summary>Width of a linear layer behind the pooling, with the head's activation; null for none.</summary>
    public int? Features { get; init; }

    /// <summary>Epsilon of batch normalisation.</summary>
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>Whether strided convolutions are padded as TensorFlow does, one more at the right and the bottom.</summary>
    public bool SamePadding { get; init; }

    /// <summary>Whether squeeze-and-excitation scales by a hard sigmoid, relu6(x + 3) / 6, behind a ReLU (MobileNetV3), and not by a sigmoid behind the block's
    /// activation.</summary>
    public bool HardSqueeze { get; init; }

    internal int FeatureWidth => Features ?? Head;
}
