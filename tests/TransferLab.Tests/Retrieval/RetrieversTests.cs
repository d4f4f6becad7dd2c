using System.Linq.Expressions;
using Microsoft.Extensions.VectorData;
using TransferLab.Data;
using TransferLab.Retrieval;

namespace TransferLab.Tests.Retrieval;

/// <summary>What stands around an index: other stores, and how well they find.</summary>
public sealed class RetrieversTests
{
    private static readonly Passage[] s_passages = [new("a", "f", "aaab"), new("b", "f", "bbbb"), new("c", "f", "cccc")];

    [Fact]
    public async Task A_vector_store_of_the_application_takes_the_index_s_place()
    {
        using Letters letters = new();
        using Shelf shelf = new();
        VectorStoreRetriever store = new(shelf, letters);
        await store.AddAsync(s_passages);
        using PassageIndex index = new(new() { Embeddings = letters });
        index.Add(s_passages);

        Assert.Equal(index.Dense!.Retrieve("aabb", 2), store.Retrieve("aabb", 2));
        Assert.Equal("a", new FusedRetriever([index.Bm25, store]).Retrieve("aaaa", 1)[0].Passage.Id);
        Assert.Throws<ArgumentException>(() => new FusedRetriever([store]));
        Assert.Equal(26, PassageRecord.Definition(26).Properties.OfType<VectorStoreVectorProperty>().Single().Dimensions);
    }

    // Ranks 1, 2 and none: reciprocal ranks 1, 1/2 and 0. The second question has two right passages, of which the first one found is at rank 2.
    [Fact]
    public void Recall_and_reciprocal_rank_are_counted_question_by_question()
    {
        Fixed retriever = new() { ["one"] = ["a", "b"], ["two"] = ["c", "a"], ["three"] = ["a"] };

        RetrievalQuality quality = RetrievalQuality.Of(retriever, [("one", ["a"]), ("two", ["a", "b"]), ("three", ["z"])], 1, 2);

        Assert.Equal(3, quality.Questions);
        Assert.Equal(1 / 3.0, quality.Recall[1], 1e-12);
        Assert.Equal((1 + 0.5) / 3, quality.Recall[2], 1e-12);
        Assert.Equal((1 + 0.5) / 3, quality.MeanReciprocalRank, 1e-12);
        Assert.Throws<ArgumentException>(() => RetrievalQuality.Of(retriever, [], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => RetrievalQuality.Of(retriever, [("one", ["a"])], 101));
    }

    private sealed class Fixed : Dictionary<string, string[]>, IPassageRetriever
    {
        public string Name => "fixed";

        public IReadOnlyList<RetrievedPassage> Retrieve(string question, int count) =>
            [.. this[question].Select((id, i) => new RetrievedPassage(new(id, "", id), 1.0 / (i + 1)))];
    }

    /// <summary>A vector store as small as one can be.</summary>
    private sealed class Shelf : VectorStoreCollection<string, PassageRecord>
    {
        private readonly Dictionary<string, PassageRecord> _records = [];

        public override string Name => "shelf";

        public override async IAsyncEnumerable<VectorSearchResult<PassageRecord>> SearchAsync<TInput>(
            TInput searchValue, int top, VectorSearchOptions<PassageRecord>? options = null,
                [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            float[] wanted = ((ReadOnlyMemory<float>)(object)searchValue).ToArray();
            foreach (PassageRecord record in _records.Values.OrderByDescending(record => DenseRetriever.Product(wanted, record.Vector.ToArray())).Take(top))
            {
                yield return new(record, DenseRetriever.Product(wanted, record.Vector.ToArray()));
            }
        }

        public override Task UpsertAsync(PassageRecord record, CancellationToken cancellationToken = default) => UpsertAsync([record], cancellationToken);

        public override Task UpsertAsync(IEnumerable<PassageRecord> records, CancellationToken cancellationToken = default)
        {
            foreach (PassageRecord record in records)
            {
                _records[record.Id] = record;
            }

            return Task.CompletedTask;
        }

        public override Task EnsureCollectionExistsAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

        public override Task<bool> CollectionExistsAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public override Task EnsureCollectionDeletedAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public override Task<PassageRecord?> GetAsync(string key, RecordRetrievalOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public override IAsyncEnumerable<PassageRecord> GetAsync(
            Expression<Func<PassageRecord, bool>> filter, int top, FilteredRecordRetrievalOptions<PassageRecord>? options = null,
                CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public override Task DeleteAsync(string key, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public override object? GetService(Type serviceType, object? serviceKey = null) => null;
    }
}
