using TorchSharp;

namespace TransferLab.Networks.Weights;

/// <summary>The element types of safetensors that are read and written, by the format's names.</summary>
internal readonly record struct TensorType(string Name, int Size, torch.ScalarType Scalar)
{
    private static readonly TensorType[] All =
    [
        new("F64", 8, torch.ScalarType.Float64), new("F32", 4, torch.ScalarType.Float32), new("F16", 2, torch.ScalarType.Float16),
        new("BF16", 2, torch.ScalarType.BFloat16), new("I64", 8, torch.ScalarType.Int64), new("I32", 4, torch.ScalarType.Int32),
        new("I16", 2, torch.ScalarType.Int16), new("I8", 1, torch.ScalarType.Int8), new("U8", 1, torch.ScalarType.Byte),
        new("BOOL", 1, torch.ScalarType.Bool),
    ];

    public static string Names => string.Join(", ", All.Select(type => type.Name));

    public static TensorType? Find(string name) => All.Where(type => type.Name == name).Select(type => (TensorType?)type).FirstOrDefault();

    public static TensorType? Of(torch.ScalarType scalar) => All.Where(type => type.Scalar == scalar).Select(type => (TensorType?)type).FirstOrDefault();
}
