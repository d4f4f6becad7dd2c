namespace TransferLab.Data;

/// <summary>Finds the passages that a question is likely answered by. May be asked by several threads at once.</summary>
public interface IPassageRetriever
{
    /// <summary>A short name of the way that it searches ("bm25", "dense", "fused"), as tables and files show it.</summary>
    string Name { get; }

    /// <summary>At most <paramref name="count"/> passages, the best first; none where nothing fits.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1.</exception>
    IReadOnlyList<RetrievedPassage> Retrieve(string question, int count);
}
