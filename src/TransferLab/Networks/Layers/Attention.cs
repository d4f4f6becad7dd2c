using TorchSharp;
using TransferLab.Runtime;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks;

/// <summary>Scaled dot-product attention (Vaswani et al. 2017, arXiv:1706.03762).</summary>
internal static class Attention
{
    // Kept: a Scalar made for one call may be collected during it.
    private static readonly Scalar s_hidden = -1e4f;

    /// <summary>
    /// Attention of [N, heads, T, width] queries to keys and values. libtorch 2.10's fused one is used in float32; in bfloat16 its backward pass on
    /// a CPU takes 20 to 40 times as long as the three steps one by one (155 ms against 4 for 32 texts of 34 tokens).
    /// </summary>
    /// <param name="query">[N, heads, T, width].</param>
    /// <param name="key">The same shape.</param>
    /// <param name="value">The same shape.</param>
    /// <param name="mask">[N, 1, 1 or T, T], 0 for what a position does not see, such as padding; null where each sees all.</param>
    /// <param name="bias">Added to the scores, [1, heads, T, T]; null for nothing.</param>
    public static Tensor Of(Tensor query, Tensor key, Tensor value, Tensor? mask, Tensor? bias = null)
    {
        if (bias is not null)
        {
            Tensor biased = (query * tensor(1 / (float)Math.Sqrt(query.shape[^1]), query.dtype, query.device)).matmul(key.transpose(2, 3))
                .Plus(bias.to(query.dtype));
            return Hide(biased, mask).softmax(3).matmul(value);                         // (N, heads, T, width)
        }

        if (query.dtype != ScalarType.BFloat16 || query.device_type != DeviceType.CPU)
        {
            return functional.scaled_dot_product_attention(query, key, value, mask?.to(ScalarType.Bool));
        }

        Tensor scale = tensor(1 / (float)Math.Sqrt(query.shape[^1]), query.dtype);
        Tensor scores = (query * scale).matmul(key.transpose(2, 3));                    // (N, heads, T, T)
        return Hide(scores, mask).softmax(3).matmul(value);                             // (N, heads, T, width)
    }

    /// <summary>In place, by an addition: a fill by mask takes a copy, and another in the backward pass, each element by element.</summary>
    private static Tensor Hide(Tensor scores, Tensor? mask) =>
        mask is null ? scores : scores.PlusInPlace(mask.logical_not().to(scores.dtype).mul_(s_hidden));
}
