using Microsoft.Extensions.AI;

namespace TransferLab.Retrieval;

/// <summary>How an index searches.</summary>
public sealed record PassageIndexOptions
{
    /// <summary>
    /// What makes vectors of passages and questions, for searching by meaning: a backbone as <see cref="BackboneEmbeddings"/>, or any other; null for words
    /// alone. Stays the caller's.
    /// </summary>
    public IEmbeddingGenerator<string, Embedding<float>>? Embeddings { get; init; }

    /// <summary>Whether words are stemmed and articles overlooked as in English; null to see it by the first passages.</summary>
    public bool? IsEnglish { get; init; }
}
