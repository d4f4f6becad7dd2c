using Lucene.Net.Index;
using Lucene.Net.Store;
using Microsoft.Extensions.AI;
using TransferLab.Comparison;
using TransferLab.Data;

namespace TransferLab.Retrieval;

/// <summary>
/// Passages in a form that is searched quickly, by words and, with embeddings, by meaning. It lies in memory; <see cref="Save"/> keeps it on disk, and
/// <see cref="Open"/> brings it back, to be added to and deleted from. What retrieves from it may be asked by several threads while passages come and go.
/// </summary>
public sealed class PassageIndex : IDisposable
{
    private const int EmbeddedAtOnce = 256;
    private readonly PassageIndexOptions _options;
    private readonly object _changing = new();
    private readonly RAMDirectory _memory = new();
    private readonly Dictionary<string, StoredPassage> _passages = new(StringComparer.Ordinal);
    private IndexWriter? _writer;
    private IndexSettings? _settings;
    private volatile IndexSnapshot _snapshot = IndexSnapshot.Empty;

    /// <summary>An empty index.</summary>
    /// <param name="options">How it searches.</param>
    public PassageIndex(PassageIndexOptions? options = null)
    {
        _options = options ?? new();
        Bm25 = new Bm25Retriever(() => _snapshot);
        Dense = _options.Embeddings is { } embeddings ? new DenseRetriever(() => _snapshot, embeddings) : null;
        Fused = Dense is null ? null : new FusedRetriever([Bm25, Dense]);
    }

    /// <summary>Searches by words: BM25 (Robertson and Zaragoza 2009) with k1 = 1.2 and b = 0.75.</summary>
    public IPassageRetriever Bm25 { get; }

    /// <summary>Searches by meaning: the cosine of embeddings, all of them compared. Null without embeddings.</summary>
    public IPassageRetriever? Dense { get; }

    /// <summary>Both, fused by their ranks. Null without embeddings.</summary>
    public IPassageRetriever? Fused { get; }

    /// <summary>The best way that this index has: fused where there are embeddings, otherwise by words.</summary>
    public IPassageRetriever Best => Fused ?? Bm25;

    /// <summary>Passages in it.</summary>
    public int Count => _snapshot.Count;

    /// <summary>The passages, in the order in which they came.</summary>
    public IReadOnlyList<Passage> Passages => _snapshot.Passages;

    /// <summary>
    /// What makes finding less sure, a sentence each: scripts that are searched by pairs of characters, passages that the embeddings do not see whole or do
    /// not know.
    /// </summary>
    public IReadOnlyList<string> Warnings => IndexWarnings.Of(_snapshot.Passages, _options.Embeddings);

    /// <summary>Opens an index that <see cref="Save"/> wrote.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="options">The embeddings must be those that it was made with; without any it is searched by words alone.</param>
    /// <exception cref="DataException">There is none, it is damaged, or made with other embeddings: one line.</exception>
    public static PassageIndex Open(string folder, PassageIndexOptions? options = null)
    {
        PassageIndex index = new(options);
        try
        {
            (IndexSettings settings, IReadOnlyList<StoredPassage> passages) = IndexFolder.Read(folder, index._options.Embeddings);
            index._settings = settings;
            index.Put(passages);
            return index;
        }
        catch
        {
            index.Dispose();
            throw;
        }
    }

    /// <summary>Adds passages; one of an id that is there already takes its place.</summary>
    /// <param name="passages">Texts with words in them.</param>
    /// <param name="cancellation">Stops before anything is added.</param>
    /// <exception cref="ArgumentException">An id stands twice, or a passage has no id or no text.</exception>
    /// <exception cref="InvalidOperationException">It was made with embeddings and opened without.</exception>
    public void Add(IReadOnlyList<Passage> passages, CancellationToken cancellation = default)
    {
        foreach (Passage passage in passages)
        {
            if (string.IsNullOrWhiteSpace(passage.Text) || passage.Id.Length == 0)
            {
                string missing = passage.Id.Length == 0 ? "id" : "text";
                throw new ArgumentException($"The passage '{passage.Id}' of {passage.Source} has no {missing}; leave it out.", nameof(passages));
            }
        }

        if (passages.GroupBy(passage => passage.Id, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"The id '{twice.Key}' stands on {twice.Count()} passages; give each its own.", nameof(passages));
        }

        if (passages.Count == 0)
        {
            return;
        }

        if (_settings is { Embeddings: { } used } && _options.Embeddings is null)
        {
            throw new InvalidOperationException($"The index was made with the embeddings {used}; open it with them to add to it.");
        }

        float[]?[] vectors = Vectors(passages, cancellation);
        lock (_changing)
        {
            bool isEnglish = _options.IsEnglish ?? AnswerScorer.For(passages.Select(passage => passage.Text)).IsEnglish;
            _settings ??= new(isEnglish, _options.Embeddings is { } made ? IndexSettings.NameOf(made) : null, vectors[0]?.Length ?? 0);
            Put([.. passages.Zip(vectors, (passage, vector) => new StoredPassage(passage, vector))]);
        }
    }

    /// <summary>Takes passages out.</summary>
    /// <param name="ids">Their ids; those that are not in it do not count.</param>
    /// <returns>How many were taken out.</returns>
    public int Remove(IEnumerable<string> ids)
    {
        lock (_changing)
        {
            string[] found = [.. ids.Distinct(StringComparer.Ordinal).Where(_passages.Remove)];
            if (found.Length > 0)
            {
                Writer.DeleteDocuments([.. found.Select(id => new Term(StoredPassage.IdField, id))]);
                Refresh();
            }

            return found.Length;
        }
    }

    /// <summary>Takes all passages of a document out.</summary>
    /// <param name="source">The document's name: a passage is of it whose source is this name, or this name, a comma and a place.</param>
    /// <returns>How many were taken out.</returns>
    public int RemoveSource(string source) =>
        Remove([.. Passages.Where(passage => IsOf(passage, source)).Select(passage => passage.Id)]);

    /// <summary>
    /// Writes it to a folder, in place of the index that is there; whole or not at all: whoever opens the folder sees the old one or the new one.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is nothing in it.</exception>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    /// <exception cref="DataException">Another program is writing there, or the folder holds something else than an index.</exception>
    public void Save(string folder)
    {
        lock (_changing)
        {
            IndexSettings settings = _settings is { } known && Count > 0 ? known
                : throw new InvalidOperationException("The index holds no passage; add some before it is saved.");
            IndexFolder.Write(folder, settings, _passages.Values);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer?.Dispose();
        _memory.Dispose();
    }

    private static bool IsOf(Passage passage, string source) => passage.Source == source || passage.Source.StartsWith(source + ", ", StringComparison.Ordinal);

    private IndexWriter Writer => _writer ??= new(_memory, IndexFolder.Configuration(_settings!.IsEnglish));

    private float[]?[] Vectors(IReadOnlyList<Passage> passages, CancellationToken cancellation)
    {
        if (_options.Embeddings is not { } embeddings)
        {
            return new float[passages.Count][];
        }

        List<float[]> vectors = [];
        foreach (Passage[] some in passages.Chunk(EmbeddedAtOnce))
        {
            cancellation.ThrowIfCancellationRequested();
            vectors.AddRange(DenseRetriever.Embed(embeddings, [.. some.Select(passage => passage.Text)], cancellation));
        }

        return [.. vectors];
    }

    private void Put(IReadOnlyList<StoredPassage> passages)
    {
        foreach (StoredPassage stored in passages)
        {
            _passages.Remove(stored.Passage.Id); // What comes anew stands last, as in the index.
            _passages[stored.Passage.Id] = stored;
            Writer.UpdateDocument(new(StoredPassage.IdField, stored.Passage.Id), stored.ToDocument());
        }

        Refresh();
    }

    private void Refresh()
    {
        Writer.ForceMerge(1); // Without deleted passages, which would weigh on the others' scores.
        Writer.Commit();
        _snapshot = new(DirectoryReader.Open(_memory), _passages.Values, _settings!.IsEnglish); // Threads may still search the one before: it goes with them.
    }
}
