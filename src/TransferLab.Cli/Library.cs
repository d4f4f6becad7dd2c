using System.Diagnostics;
using TransferLab.Data;
using TransferLab.Models;
using TransferLab.Retrieval;

namespace TransferLab.Cli;

/// <summary>The documents of a comparison of answers, indexed; and the indexes of ways that were kept.</summary>
internal sealed class Library : IDisposable
{
    private readonly PassageIndex? _index;
    private readonly BackboneEmbeddings? _embeddings;

    private Library(PassageIndex? index, BackboneEmbeddings? embeddings, string how)
    {
        (_index, _embeddings) = (index, embeddings);
        Retriever = index is null ? null : Of(index, how);
    }

    /// <summary>How many documents.</summary>
    public int Documents { get; private init; }

    /// <summary>Their passages; none where there are no documents.</summary>
    public IReadOnlyList<Passage> Passages { get; private init; } = [];

    /// <summary>Looks passages up; null where there are none.</summary>
    public IPassageRetriever? Retriever { get; }

    /// <summary>Seconds that reading and indexing took.</summary>
    public double Seconds { get; private init; }

    /// <summary>What was left out, and what a person should know of the retriever.</summary>
    public IReadOnlyList<string> Warnings { get; private init; } = [];

    /// <summary>Reads and indexes.</summary>
    /// <param name="path">A folder or file; null for the passages that came with the questions.</param>
    /// <param name="passages">These.</param>
    /// <param name="how"><c>bm25</c>, <c>dense</c> or <c>fused</c>.</param>
    /// <param name="cancellation">Stops between documents.</param>
    public static Library Open(string? path, IReadOnlyList<Passage> passages, string how, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        DocumentPassages? read = path is null ? null : DocumentReader.Read(path, null, cancellation);
        passages = read?.Passages ?? passages;
        if (passages.Count == 0)
        {
            return new(null, null, how);
        }

        BackboneEmbeddings? embeddings = how == "bm25" ? null : Embeddings();
        PassageIndex index = new(new() { Embeddings = embeddings });
        index.Add(passages, cancellation);
        string[] leftOut = [.. (read?.LeftOut ?? []).Select(left => left.ToString()!)];
        return new(index, embeddings, how)
        {
            Documents = read?.Documents ?? passages.Select(passage => passage.Source).Distinct().Count(),
            Passages = passages,
            Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
            Warnings = [.. leftOut.Length == 0
                ? []
                : (string[])[$"Left out of the documents: "
                    + $"{string.Join("; ", leftOut.Take(3))}{(leftOut.Length > 3 ? $"; and {leftOut.Length - 3} more" : "")}."], .. index.Warnings],
        };
    }

    /// <summary>Opens the index of a way that was kept, as it was looked up in.</summary>
    /// <param name="folder">The index in the way's folder.</param>
    public static IPassageRetriever OpenIndex(string folder)
    {
        string how = SavedWay.Read(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(folder))!).Retriever ?? "bm25";
        return Of(PassageIndex.Open(folder, new() { Embeddings = how == "bm25" ? null : Embeddings() }), how);
    }

    /// <summary>Writes the index.</summary>
    public void Save(string folder) => _index!.Save(folder);

    /// <inheritdoc/>
    public void Dispose()
    {
        _index?.Dispose();
        _embeddings?.Dispose();
    }

    private static BackboneEmbeddings Embeddings() => new(BackboneCatalog.Create("minilm", "text", 256));

    private static IPassageRetriever Of(PassageIndex index, string how) => (how == "dense" ? index.Dense : how == "fused" ? index.Fused : index.Bm25)!;
}
