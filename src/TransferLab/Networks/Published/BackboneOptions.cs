namespace TransferLab.Networks;

/// <summary>What a file of weights does not say of itself, and what is to be other than it says. Null: as the file or its family has it.</summary>
public sealed record BackboneOptions
{
    /// <summary>Family or published name for bare tensors whose names tell nothing, such as <c>mobilenetv2</c>.</summary>
    public string? Architecture { get; init; }

    /// <summary>For a PyTorch file that holds several dictionaries of tensors: which.</summary>
    public string? Section { get; init; }

    /// <summary>For an ONNX file: which of its outputs, or of the values inside, are the features.</summary>
    public string? OnnxOutput { get; init; }

    /// <summary>Width and height of images, pixels.</summary>
    public int? ImageSize { get; init; }

    /// <summary>What is subtracted from the channels red, green, blue, of values 0 to 255: one number or three.</summary>
    public IReadOnlyList<double>? Mean { get; init; }

    /// <summary>What the channels are then divided by: one number or three.</summary>
    public IReadOnlyList<double>? Deviation { get; init; }

    /// <summary>Longest text, tokens.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>Put before every text, such as <c>query: </c> for networks that were trained so.</summary>
    public string? Prefix { get; init; }

    /// <summary>How positions become one vector.</summary>
    public Pooling? Pooling { get; init; }
}
