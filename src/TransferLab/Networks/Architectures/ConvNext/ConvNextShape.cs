namespace TransferLab.Networks.Architectures;

/// <summary>The sizes that tell one ConvNeXt from another.</summary>
internal sealed record ConvNextShape
{
    /// <summary>Blocks in each stage: [3, 3, 9, 3] is ConvNeXt-tiny.</summary>
    public required IReadOnlyList<int> Depths { get; init; }

    /// <summary>Channels of each stage: [96, 192, 384, 768] is ConvNeXt-tiny.</summary>
    public required IReadOnlyList<int> Widths { get; init; }

    /// <summary>Width and height of the first convolution, which also strides so far.</summary>
    public int Patch { get; init; } = 4;

    /// <summary>Whether each block's update is scaled by a factor for every channel.</summary>
    public bool LayerScale { get; init; } = true;

    /// <summary>Epsilon of normalisation.</summary>
    public double Epsilon { get; init; } = 1e-6;

    /// <summary>Epsilon of the normalisation behind the pooling.</summary>
    public double LastEpsilon { get; init; } = 1e-6;

    /// <summary>Stage and place in it of all blocks, first to last.</summary>
    internal IEnumerable<(int Stage, int Block)> Blocks => Depths.SelectMany((depth, stage) => Enumerable.Range(0, depth).Select(block => (stage, block)));
}
