using static TorchSharp.torch;

namespace TransferLab.Networks.Weights;

/// <summary>A tensor to be written to a GGUF file. Its values are asked for when its turn comes, so that a whole network need not be in memory.</summary>
/// <param name="Name">Its name, at most 63 bytes.</param>
/// <param name="Shape">One to four dimensions, in PyTorch's order.</param>
/// <param name="Type">How it is stored: F32, F16, BF16, Q8_0, Q5_0, Q5_1, Q4_0 or Q4_1 for floating-point values; I8, I16, I32, I64 or F64 for values of just
/// that type.</param>
/// <param name="Values">Gives a tensor of that shape, which the writer disposes.</param>
internal sealed record GgufTensor(string Name, IReadOnlyList<long> Shape, string Type, Func<Tensor> Values)
{
    /// <summary>A tensor at hand; it stays the caller's.</summary>
    public static GgufTensor Of(string name, Tensor values, string type) => new(name, values.shape, type, values.alias);
}
