using Lucene.Net.Documents;
using Lucene.Net.Index;
using Lucene.Net.Search;
using TransferLab.Data;

namespace TransferLab.Retrieval;

/// <summary>An index as it was at one moment: what is searched never changes.</summary>
internal sealed class IndexSnapshot
{
    private readonly Dictionary<string, Passage> _byId;
    private readonly IndexSearcher? _searcher;
    private readonly PassageAnalyzer? _analyzer;
    private readonly float[][] _vectors;

    public IndexSnapshot(DirectoryReader reader, IReadOnlyCollection<StoredPassage> passages, bool isEnglish)
        : this([.. passages.Select(stored => stored.Passage)], [.. passages.Select(stored => stored.Vector).OfType<float[]>()]) =>
        (_searcher, _analyzer) = (new(reader) { Similarity = IndexFolder.Similarity() }, new(isEnglish));

    private IndexSnapshot(Passage[] passages, float[][] vectors) =>
        (Passages, _vectors, _byId) = (passages, vectors, passages.ToDictionary(passage => passage.Id, StringComparer.Ordinal));

    public static IndexSnapshot Empty { get; } = new([], []);

    public IReadOnlyList<Passage> Passages { get; }

    public int Count => Passages.Count;

    /// <summary>The best by BM25; of equal ones the earlier first.</summary>
    public IReadOnlyList<RetrievedPassage> ByWords(string question, int count)
    {
        if (_searcher is null || Count == 0)
        {
            return [];
        }

        BooleanQuery query = [];
        foreach (string term in _analyzer!.Terms(question).Take(BooleanQuery.MaxClauseCount))
        {
            query.Add(new TermQuery(new(StoredPassage.TextField, term)), Occur.SHOULD);
        }

        return [.. _searcher.Search(query, Math.Min(count, Count)).ScoreDocs.Select(found => new RetrievedPassage(_byId[IdOf(found.Doc)], found.Score))];
    }

    /// <summary>The best by cosine; of equal ones the earlier first.</summary>
    public IReadOnlyList<RetrievedPassage> ByVector(float[] question, int count)
    {
        PriorityQueue<int, (double Score, int Earlier)> best = new();
        for (int i = 0; i < _vectors.Length; i++)
        {
            (double, int) rank = (DenseRetriever.Product(question, _vectors[i]), -i);
            if (best.Count < count)
            {
                best.Enqueue(i, rank);
            }
            else
            {
                best.EnqueueDequeue(i, rank);
            }
        }

        List<RetrievedPassage> found = [];
        while (best.TryDequeue(out int i, out (double Score, int) rank))
        {
            found.Add(new(Passages[i], rank.Score));
        }

        found.Reverse();
        return found;
    }

    private string IdOf(int document) => _searcher!.Doc(document, new HashSet<string> { StoredPassage.IdField }).Get(StoredPassage.IdField);
}
