using System.Text.RegularExpressions;
using static TorchSharp.torch;

namespace TransferLab.Networks.Weights;

/// <summary>
/// The order of the rows of query and key weights. llama.cpp's architecture <c>llama</c> rotates adjacent pairs of a head's rows, Hugging Face's networks the
/// two halves: the rows of one are a permutation of the other's. For a head of four, rows 0 1 2 3 of Hugging Face are 0 2 1 3 in the file. The second factor of
/// a LoRA pair (B) moves with them, the first does not.
/// </summary>
internal static partial class RotaryRows
{
    /// <summary>How many heads' rows a file keeps in adjacent pairs in this tensor; null where the rows are as Hugging Face has them (every architecture but
    /// <c>llama</c>).</summary>
    public static long? Heads(GgufMetadata metadata, string tensor)
    {
        if (metadata.Text("general.architecture") != "llama" || QueryOrKey().Match(tensor) is not { Success: true } match)
        {
            return null;
        }

        const string Queries = "llama.attention.head_count";
        long queries = metadata.Required(Queries, metadata.Integer(Queries));
        long heads = match.Groups[1].ValueSpan is "q" ? queries : metadata.Integer("llama.attention.head_count_kv") ?? queries;
        return heads > 0 ? heads : throw metadata.Error($"the number of heads is {heads}");
    }

    /// <summary>From halves to adjacent pairs: Hugging Face's order to the file's.</summary>
    /// <param name="rows">Weights [rows, columns] or biases [rows]; not changed.</param>
    /// <param name="heads">Number of heads, of keys for the keys.</param>
    /// <returns>A new tensor, contiguous, which the caller disposes.</returns>
    public static Tensor ToPairs(Tensor rows, long heads) => Swap(rows, heads, 2, rows.shape[0] / heads / 2);

    /// <summary>From adjacent pairs to halves: the file's order to Hugging Face's.</summary>
    /// <inheritdoc cref="ToPairs"/>
    public static Tensor ToHalves(Tensor rows, long heads) => Swap(rows, heads, rows.shape[0] / heads / 2, 2);

    // (heads, first, second, columns) -> (heads, second, first, columns)
    private static Tensor Swap(Tensor rows, long heads, long first, long second)
    {
        if (heads * first * second != rows.shape[0])
        {
            throw new ArgumentException($"{rows.shape[0]} rows are not an even number for each of {heads} heads.");
        }

        using var scope = NewDisposeScope();
        return rows.reshape([heads, first, second, .. rows.shape[1..]]).transpose(1, 2).contiguous().reshape(rows.shape).MoveToOuterDisposeScope();
    }

    [GeneratedRegex(@"^blk\.\d+\.attn_([qk])\.(weight|bias)$")]
    private static partial Regex QueryOrKey();
}
