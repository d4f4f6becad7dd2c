using Microsoft.ML.Data;

namespace TransferLab.Inference;

/// <summary>What the tokenizer of a saved ML.NET model gives its network.</summary>
public sealed class TextTokens
{
    /// <summary>Name of the column.</summary>
    public const string Column = "TransferLab.Tokens";

    /// <summary>Width of the column: ONNX in ML.NET reads vectors of a known length. BERTs have positions for as many.</summary>
    public const int Width = 512;

    /// <summary>What stands behind the last token; it is no token's id.</summary>
    public const long End = -1;

    /// <summary>The token ids, [CLS] and [SEP] included, and <see cref="End"/> up to <see cref="Width"/>; the network cuts them off.</summary>
    [ColumnName(Column)]
    [VectorType(Width)]
    public long[] Ids { get; set; } = [];
}
