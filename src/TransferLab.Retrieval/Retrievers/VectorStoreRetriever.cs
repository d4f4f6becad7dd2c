using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;
using TransferLab.Data;

namespace TransferLab.Retrieval;

/// <summary>
/// Searches a vector store of the application's own, through Microsoft.Extensions.VectorData, in place of an index: alone, or as a part of a <see
/// cref="FusedRetriever"/>.
/// </summary>
public sealed class VectorStoreRetriever : IPassageRetriever
{
    private readonly VectorStoreCollection<string, PassageRecord> _collection;
    private readonly IEmbeddingGenerator<string, Embedding<float>> _embeddings;

    /// <summary>Searches a collection.</summary>
    /// <param name="collection">Made with <see cref="PassageRecord.Definition"/>; stays the caller's.</param>
    /// <param name="embeddings">Those that its vectors were made with; stay the caller's.</param>
    public VectorStoreRetriever(VectorStoreCollection<string, PassageRecord> collection, IEmbeddingGenerator<string, Embedding<float>> embeddings) =>
        (_collection, _embeddings) = (collection, embeddings);

    /// <inheritdoc/>
    public string Name => "store";

    /// <summary>Makes the collection if need be and puts passages into it; those of the same id are replaced.</summary>
    /// <param name="passages">The passages.</param>
    /// <param name="cancellation">Stops between requests.</param>
    public async Task AddAsync(IReadOnlyList<Passage> passages, CancellationToken cancellation = default)
    {
        await _collection.EnsureCollectionExistsAsync(cancellation).ConfigureAwait(false);
        if (passages.Count > 0)
        {
            float[][] vectors = DenseRetriever.Embed(_embeddings, [.. passages.Select(passage => passage.Text)], cancellation);
            await _collection.UpsertAsync(passages.Zip(vectors, PassageRecord.Of), cancellation).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<RetrievedPassage> Retrieve(string question, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return Task.Run(() => RetrieveAsync(question, count)).GetAwaiter().GetResult();
    }

    private async Task<IReadOnlyList<RetrievedPassage>> RetrieveAsync(string question, int count)
    {
        ReadOnlyMemory<float> vector = DenseRetriever.Embed(_embeddings, [question], default)[0];
        List<RetrievedPassage> found = [];
        await foreach (VectorSearchResult<PassageRecord> result in _collection.SearchAsync(vector, count).ConfigureAwait(false))
        {
            found.Add(new(result.Record.ToPassage(), result.Score ?? 0));
        }

        return found;
    }
}
