using System.Numerics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.AI;
using TransferLab.Data;

namespace TransferLab.Retrieval;

/// <summary>Searches an index by the cosine of embeddings.</summary>
internal sealed class DenseRetriever(Func<IndexSnapshot> snapshot, IEmbeddingGenerator<string, Embedding<float>> embeddings) : IPassageRetriever
{
    public string Name => "dense";

    public IReadOnlyList<RetrievedPassage> Retrieve(string question, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        IndexSnapshot now = snapshot();
        return now.Count == 0 ? [] : now.ByVector(Embed(embeddings, [question], default)[0], count);
    }

    /// <summary>Vectors of length 1.</summary>
    /// <exception cref="InvalidOperationException">There are not as many vectors as texts.</exception>
    public static float[][] Embed(IEmbeddingGenerator<string, Embedding<float>> embeddings, IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        GeneratedEmbeddings<Embedding<float>> made = Task.Run(
            () => embeddings.GenerateAsync(texts, cancellationToken: cancellation), cancellation).GetAwaiter().GetResult();
        return made.Count == texts.Count ? [.. made.Select(embedding => Unit(embedding.Vector.ToArray()))]
            : throw new InvalidOperationException($"The embeddings gave {made.Count} vectors for {texts.Count} texts; use others.");
    }

    /// <summary>The inner product of two vectors of the same width.</summary>
    public static double Product(float[] left, float[] right)
    {
        ReadOnlySpan<Vector<float>> a = MemoryMarshal.Cast<float, Vector<float>>(left), b = MemoryMarshal.Cast<float, Vector<float>>(right);
        Vector<float> sums = Vector<float>.Zero;
        for (int i = 0; i < a.Length; i++)
        {
            sums += a[i] * b[i];
        }

        double sum = Vector.Sum(sums);
        for (int i = a.Length * Vector<float>.Count; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }

    private static float[] Unit(float[] vector)
    {
        float length = (float)Math.Sqrt(Product(vector, vector));
        return length > 0 ? Array.ConvertAll(vector, value => value / length) : vector;
    }
}
