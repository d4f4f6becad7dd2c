using TransferLab.Data;

namespace TransferLab.Retrieval;

/// <summary>Searches an index by words.</summary>
internal sealed class Bm25Retriever(Func<IndexSnapshot> snapshot) : IPassageRetriever
{
    public string Name => "bm25";

    public IReadOnlyList<RetrievedPassage> Retrieve(string question, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return snapshot().ByWords(question, count);
    }
}
