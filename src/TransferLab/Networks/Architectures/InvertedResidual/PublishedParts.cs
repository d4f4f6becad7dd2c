using TransferLab.Networks.Weights;

namespace TransferLab.Networks.Architectures;

/// <summary>Where the parts of one inverted residual are in a file: names of convolutions and of the normalisations that follow them.</summary>
internal sealed record PublishedBlock
{
    /// <summary>The expansion; null for none.</summary>
    public (string Convolution, string Norm)? Expand { get; init; }

    /// <summary>The convolution of each channel.</summary>
    public required (string Convolution, string Norm) Depthwise { get; init; }

    /// <summary>The two layers of squeeze-and-excitation; null for none.</summary>
    public (string Reduce, string Expand)? Squeeze { get; init; }

    /// <summary>The projection.</summary>
    public required (string Convolution, string Norm) Project { get; init; }

    /// <summary>Stride, which no tensor tells.</summary>
    public required int Stride { get; init; }

    /// <summary>Activation, which no tensor tells.</summary>
    public required Activation Activation { get; init; }

    /// <summary>Whether the input is never added, although it would fit.</summary>
    public bool IsNeverResidual { get; init; }
}

/// <summary>Where the parts of a network of inverted residuals are in a file, and what its tensors do not tell.</summary>
internal sealed record PublishedParts
{
    /// <summary>The file's tensors, under names that end as PyTorch's do.</summary>
    public required MappedWeights Weights { get; init; }

    /// <summary>The first convolution.</summary>
    public required (string Convolution, string Norm) Stem { get; init; }

    /// <summary>The blocks.</summary>
    public required IReadOnlyList<PublishedBlock> Blocks { get; init; }

    /// <summary>The last convolution.</summary>
    public required (string Convolution, string Norm) Head { get; init; }

    /// <summary>A layer behind the pooling; null for none.</summary>
    public string? Features { get; init; }

    /// <summary>First letters of the classifier's names.</summary>
    public required string Classifier { get; init; }

    /// <summary>Activation of stem and head.</summary>
    public required Activation Activation { get; init; }

    /// <summary>Epsilon of batch normalisation.</summary>
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>TensorFlow's padding.</summary>
    public bool SamePadding { get; init; }

    /// <summary>Scaled by a hard sigmoid.</summary>
    public bool HardSqueeze { get; init; }

    /// <summary>How images are usually prepared.</summary>
    public ImageSettings Usual { get; init; } = ImageSettings.ImageNet;

    /// <summary>The family's name, for people.</summary>
    public required string Family { get; init; }

    /// <summary>Output channels of the last block at width 1, where widths are told; null where not.</summary>
    public double? LastBlockAtWidthOne { get; init; }
}
