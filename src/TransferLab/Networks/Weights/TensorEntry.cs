namespace TransferLab.Networks.Weights;

/// <summary>What the header of a file says about one tensor, checked.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Element type by the format's name: F64, F32, F16, BF16, I64, I32, I16, I8, U8 or BOOL.</param>
/// <param name="Shape">Sizes of the dimensions; empty for a single value.</param>
/// <param name="Begin">First byte, counted from the end of the header.</param>
/// <param name="End">The byte after the last.</param>
public sealed record TensorEntry(string Name, string Type, IReadOnlyList<long> Shape, long Begin, long End)
{
    /// <summary>Number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Number of bytes.</summary>
    public long Length => End - Begin;

    /// <summary>Type and shape for messages: <c>F32 [64, 3, 7, 7]</c>.</summary>
    public override string ToString() => $"{Type} [{string.Join(", ", Shape)}]";
}
