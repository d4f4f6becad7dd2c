using TorchSharp;

namespace TransferLab.Runtime;

/// <summary>
/// Sums, differences and counts for code that runs while other threads allocate. TorchSharp's own <c>a + b</c> makes a Scalar for the factor 1 and does
/// not keep it alive during the native call: a garbage collection at that moment frees it, and the call fails or computes nonsense.
/// </summary>
internal static class Arithmetic
{
    private static readonly Scalar s_one = 1, s_minusOne = -1;

    /// <summary>a + b.</summary>
    public static torch.Tensor Plus(this torch.Tensor a, torch.Tensor b) => a.add(b, s_one);

    /// <summary>a + b, in a's memory.</summary>
    public static torch.Tensor PlusInPlace(this torch.Tensor a, torch.Tensor b) => a.add_(b, s_one);

    /// <summary>a - b.</summary>
    public static torch.Tensor Minus(this torch.Tensor a, torch.Tensor b) => a.add(b, s_minusOne);

    /// <summary>a - b, in a's memory.</summary>
    public static torch.Tensor MinusInPlace(this torch.Tensor a, torch.Tensor b) => a.add_(b, s_minusOne);

    /// <summary>[count] int64: 0, 1, and so on.</summary>
    public static torch.Tensor Count(int count, torch.Device device)
    {
        long[] values = new long[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = i;
        }

        return torch.tensor(values, device: device);
    }
}
