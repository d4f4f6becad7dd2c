using static TorchSharp.torch;

namespace TransferLab.Networks.Weights;

/// <summary>
/// One LoRA pair: what is added to a matrix of the base is B A, times alpha / rank (Hu et al. 2021, arXiv 2106.09685).
/// </summary>
/// <param name="Base">The matrix as the GGUF file names it: <c>blk.0.attn_q.weight</c>.</param>
/// <param name="A">[rank, columns of the matrix].</param>
/// <param name="B">[rows of the matrix, rank], its rows in the file's order: see <see cref="RotaryRows"/>.</param>
internal sealed record GgufLoraPair(string Base, Tensor A, Tensor B);

/// <summary>Writes a LoRA adapter that llama.cpp loads over the very GGUF file that was trained on, quantised or not.</summary>
internal static class GgufAdapter
{
    /// <summary>Writes an adapter; every pair must fit a matrix of the base.</summary>
    /// <param name="path">The file.</param>
    /// <param name="baseFile">The file that was trained on.</param>
    /// <param name="alpha">The scale is alpha / rank.</param>
    /// <param name="pairs">The pairs; the tensors stay the caller's.</param>
    /// <param name="metadata">More to be kept: name, licence, the base's hash.</param>
    /// <param name="type">How the factors are stored: F32, F16 or BF16.</param>
    /// <exception cref="WeightsException">The base has no such matrix, or of another shape.</exception>
    public static void Write(
        string path, GgufFile baseFile, float alpha, IReadOnlyList<GgufLoraPair> pairs, IEnumerable<KeyValuePair<string, object>>? metadata = null,
            string type = "F32")
    {
        const string Architecture = "general.architecture";
        List<GgufTensor> tensors = [];
        foreach (var pair in pairs)
        {
            Check(baseFile, pair);
            tensors.Add(GgufTensor.Of(pair.Base + ".lora_a", pair.A, type));
            tensors.Add(GgufTensor.Of(pair.Base + ".lora_b", pair.B, type));
        }

        KeyValuePair<string, object>[] required =
        [
            new("general.type", "adapter"),
            new(Architecture, baseFile.Metadata.Required(Architecture, baseFile.Metadata.Text(Architecture))),
            new("adapter.type", "lora"),
            new("adapter.lora.alpha", alpha),
        ];
        GgufWriter.Write(path, [.. required, .. metadata ?? []], tensors);
    }

    // llama.cpp passes norms over, and takes the factors of the embedding the other way round: neither is written.
    private static void Check(GgufFile baseFile, GgufLoraPair pair)
    {
        if (!baseFile.Tensors.TryGetValue(pair.Base, out var entry) || pair.Base.EndsWith("_norm.weight", StringComparison.Ordinal)
            || pair.Base == "token_embd.weight")
        {
            throw new WeightsException($"{baseFile.Path}: '{pair.Base}' {(entry is null ? "is no tensor of it" : "cannot have an adapter")}");
        }

        if (pair.A.shape is not [var rank, var columns] || pair.B.shape is not [var rows, var rankOfB] || rank != rankOfB
            || !entry.Shape.SequenceEqual([rows, columns]))
        {
            throw new WeightsException(
                $"{baseFile.Path}: tensor '{pair.Base}': factors [{string.Join(", ", pair.A.shape)}] and [{string.Join(", ", pair.B.shape)}] do not make "
                    + $"{entry}");
        }
    }
}
