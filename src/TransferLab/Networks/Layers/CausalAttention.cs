using TorchSharp;
using TransferLab.Runtime;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks;

/// <summary>
/// Attention of positions to themselves and those before, in which groups of query heads share a head of keys and values (Ainslie et al. 2023,
/// arXiv:2305.13245).
/// </summary>
internal static class CausalAttention
{
    // Kept: a Scalar made for one call may be collected during it.
    private static readonly Scalar s_hidden = -1e30f;

    /// <summary>Attends.</summary>
    /// <param name="query">[N, heads, T, width]: the last T of the positions.</param>
    /// <param name="key">[N, key heads, S, width], S at least T.</param>
    /// <param name="value">The same shape.</param>
    /// <param name="window">How many positions a position sees at most, itself included; null for no limit.</param>
    /// <param name="visible">[N, 1, 1, S or more] bool, false for padding; null where there is none among the S.</param>
    /// <returns>[N, heads, T, width].</returns>
    public static Tensor Of(Tensor query, Tensor key, Tensor value, int? window, Tensor? visible)
    {
        (long examples, long heads, long tokens, long width) = (query.shape[0], query.shape[1], query.shape[2], query.shape[3]);
        (long keyHeads, long positions) = (key.shape[1], key.shape[2]);
        bool isFused = query.dtype == ScalarType.Float32 || query.device_type != DeviceType.CPU;
        bool isPlain = tokens == positions && visible is null && (window is null || window >= positions);
        if (isFused && isPlain)
        {
            return functional.scaled_dot_product_attention(query, Repeat(key, heads / keyHeads), Repeat(value, heads / keyHeads), is_casual: true);
        }

        // Query heads of a group as further rows of their key head: no copy of keys and values.
        long group = heads / keyHeads;
        Tensor rows = (query * tensor(1 / (float)Math.Sqrt(width), query.dtype, query.device)).reshape(examples, keyHeads, group * tokens, width);
        Tensor scores = rows.matmul(key.transpose(2, 3)).view(examples, keyHeads, group, tokens, positions);
        if (Hidden(tokens, positions, window, visible, query.device) is { } hidden)
        {
            // Added in place: a fill by mask takes a copy, and another in the backward pass, each element by element.
            scores = scores.PlusInPlace(hidden.to(scores.dtype).mul_(s_hidden));
        }

        Tensor shares = scores.softmax(4).view(examples, keyHeads, group * tokens, positions);
        return shares.matmul(value).view(examples, heads, tokens, width);
    }

    private static Tensor Repeat(Tensor x, long times) => times == 1 ? x
        : x.unsqueeze(2).expand(-1, -1, times, -1, -1).reshape(x.shape[0], x.shape[1] * times, x.shape[2], x.shape[3]);

    /// <summary>What is not seen, [N or 1, 1, 1, T, S]; null where everything is.</summary>
    private static Tensor? Hidden(long tokens, long positions, int? window, Tensor? visible, Device device)
    {
        Tensor? hidden = visible?.narrow(3, 0, positions).logical_not().unsqueeze(1);                                  // (N, 1, 1, 1, S)
        bool windowed = window is { } most && most < positions;
        if (tokens > 1 || windowed)
        {
            Tensor seen = Arithmetic.Count((int)positions, device).unsqueeze(0), at = seen.narrow(1, positions - tokens, tokens).transpose(0, 1);
            Tensor unseen = seen.gt(at);                                                                               // (T, S)
            unseen = windowed ? unseen.logical_or(seen.le(at.Minus(tensor((long)window!.Value, device: device)))) : unseen;
            hidden = hidden is null ? unseen.view(1, 1, 1, tokens, positions) : hidden.logical_or(unseen);
        }

        return hidden;
    }
}
