using System.Globalization;
using Microsoft.Extensions.AI;
using TransferLab.Data;

namespace TransferLab.Retrieval;

/// <summary>What makes finding less sure.</summary>
internal static class IndexWarnings
{
    private const int Sample = 500;
    private const double WorthSaying = 0.1;

    public static IReadOnlyList<string> Of(IReadOnlyList<Passage> passages, IEmbeddingGenerator<string, Embedding<float>>? embeddings)
    {
        string[] sample = [.. passages.Where((_, i) => i % Math.Max(1, passages.Count / Sample) == 0).Select(passage => passage.Text)];
        double paired = Scripts.PairedShare(sample);
        List<string> warnings = [];
        if (paired > WorthSaying)
        {
            warnings.Add(string.Create(CultureInfo.InvariantCulture,
                $"{100 * paired:0} % of the letters are searched by pairs of characters (Korean, Chinese, Japanese, Thai): parts of words are found like "
                    + $"words."));
        }

        return [.. warnings, .. embeddings?.GetService(typeof(BackboneEmbeddings)) is BackboneEmbeddings own ? own.Warnings(sample) : []];
    }
}
