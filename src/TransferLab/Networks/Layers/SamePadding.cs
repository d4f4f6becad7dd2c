using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks;

/// <summary>
/// TensorFlow's padding "same": a convolution gives size / stride values, rounded up, and where the border is odd, its larger part lies at the right and the
/// bottom.
/// </summary>
internal static class SamePadding
{
    /// <summary>[N, C, H, W] with the border that a convolution without padding then needs; itself where none is needed.</summary>
    public static Tensor Before(Tensor x, long kernel, long stride)
    {
        (long top, long bottom) = Border(x.shape[2], kernel, stride);
        (long left, long right) = Border(x.shape[3], kernel, stride);
        return top + bottom + left + right == 0 ? x : functional.pad(x, [left, right, top, bottom]);
    }

    private static (long Before, long After) Border(long size, long kernel, long stride)
    {
        long total = Math.Max(0, (((size + stride - 1) / stride) - 1) * stride + kernel - size);
        return (total / 2, total - (total / 2));
    }
}
