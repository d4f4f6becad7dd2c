using TransferLab.Data;

namespace TransferLab.Cli;

/// <summary>The documents of a comparison of answers, indexed; and the indexes of ways that were kept.</summary>
internal sealed class Library : IDisposable
{
    /// <summary>How many documents.</summary>
    public int Documents { get; private init; }

    /// <summary>Their passages; none where there are no documents.</summary>
    public IReadOnlyList<Passage> Passages { get; private init; } = [];

    /// <summary>Looks passages up; null where there are none.</summary>
    public IPassageRetriever? Retriever { get; private init; }

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
        cancellation.ThrowIfCancellationRequested();
        return path is null ? new() { Warnings = passages.Count == 0 ? [] : [$"{passages.Count} passages came with the questions, and this version looks nothing up ({how})."] }
            : throw new ArgumentException($"--documents {path}: this version looks nothing up yet; leave it out.");
    }

    /// <summary>Opens the index of a way that was kept, as it was looked up in.</summary>
    /// <param name="folder">The index in the way's folder.</param>
    public static IPassageRetriever OpenIndex(string folder) => throw new ArgumentException($"{folder}: this version looks nothing up yet.");

    /// <summary>Writes the index.</summary>
    public void Save(string folder) => throw new InvalidOperationException($"There is no index to write to {folder}.");

    /// <inheritdoc/>
    public void Dispose() => GC.SuppressFinalize(this);
}
