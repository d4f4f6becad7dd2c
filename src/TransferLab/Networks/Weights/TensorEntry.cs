namespace TransferLab.Networks.Weights;

/// <summary>What a file says about one tensor, checked.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Element type: F64, F32, F16, BF16, I64, I32, I16, I8, U8 or BOOL; in GGUF files also the name of a kind of quantised blocks, such as
/// Q4_1.</param>
/// <param name="Shape">Sizes of the dimensions, the slowest first; empty for a single value.</param>
public sealed record TensorEntry(string Name, string Type, IReadOnlyList<long> Shape)
{
    /// <summary>Number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Number of bytes in the file.</summary>
    public long Length => End - Begin;

    /// <summary>First byte, counted from where the file's data begin.</summary>
    internal long Begin { get; init; }

    /// <summary>The byte after the last.</summary>
    internal long End { get; init; }

    /// <summary>Type and shape for messages: <c>F32 [64, 3, 7, 7]</c>.</summary>
    public override string ToString() => $"{Type} [{string.Join(", ", Shape)}]";
}
