using TorchSharp;

namespace TransferLab.Networks.Weights;

/// <summary>An element type of GGUF files (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md).</summary>
/// <param name="Id">Its number in the file.</param>
/// <param name="Name">Its name, also that of <see cref="TensorType"/> where the values are stored one by one.</param>
/// <param name="Block">Values a block; rows hold whole blocks.</param>
/// <param name="Bytes">Bytes a block; 0 for types that are not read.</param>
internal sealed record GgufType(uint Id, string Name, int Block, int Bytes)
{
    private static readonly GgufType[] All =
    [
        new(0, "F32", 1, 4), new(1, "F16", 1, 2), new(30, "BF16", 1, 2), new(28, "F64", 1, 8), new(24, "I8", 1, 1), new(25, "I16", 1, 2), new(26, "I32", 1, 4),
            new(27, "I64", 1, 8),
        new(2, "Q4_0", 32, 18), new(3, "Q4_1", 32, 20), new(6, "Q5_0", 32, 22), new(7, "Q5_1", 32, 24), new(8, "Q8_0", 32, 34), new(20, "IQ4_NL", 32, 18),
        new(10, "Q2_K", 256, 84), new(11, "Q3_K", 256, 110), new(12, "Q4_K", 256, 144), new(13, "Q5_K", 256, 176), new(14, "Q6_K", 256, 210),

        // Named for messages only.
        new(9, "Q8_1", 32, 0), new(15, "Q8_K", 256, 0), new(16, "IQ2_XXS", 256, 0), new(17, "IQ2_XS", 256, 0), new(18, "IQ3_XXS", 256, 0),
            new(19, "IQ1_S", 256, 0),
        new(21, "IQ3_S", 256, 0), new(22, "IQ2_S", 256, 0), new(23, "IQ4_XS", 256, 0), new(29, "IQ1_M", 256, 0), new(34, "TQ1_0", 256, 0),
            new(35, "TQ2_0", 256, 0), new(39, "MXFP4", 32, 0),
    ];

    private static readonly Dictionary<uint, GgufType> ById = All.ToDictionary(type => type.Id);
    private static readonly Dictionary<string, GgufType> ByName = All.ToDictionary(type => type.Name, StringComparer.Ordinal);

    /// <summary>The types that are read.</summary>
    public static string Names => string.Join(", ", All.Where(type => type.IsRead).Select(type => type.Name));

    public bool IsRead => Bytes > 0;

    public bool IsQuantised => Block > 1;

    /// <summary>The type that a tensor of it is read as.</summary>
    public torch.ScalarType Scalar => TensorType.Find(Name)?.Scalar ?? torch.ScalarType.Float32;

    public static GgufType Of(uint id) => ById.TryGetValue(id, out var type) ? type : new(id, $"type {id}", 1, 0);

    public static GgufType? Find(string name) => ByName.GetValueOrDefault(name);
}
