namespace TransferLab.Comparison;

/// <summary>What the runs of one row have found so far.</summary>
internal sealed class RowRecord(Adaptation adaptation, ComparisonRow row)
{
    /// <summary>What is trained.</summary>
    public Adaptation Adaptation => adaptation;

    /// <summary>The row.</summary>
    public ComparisonRow Row => row;

    /// <summary>One result a seed.</summary>
    public List<RunResult> Runs { get; } = [];

    /// <summary>The worst mistakes of the first run that showed them; null before.</summary>
    public IReadOnlyList<Mistake>? Mistakes { get; private set; }

    /// <summary>Parameters that trained.</summary>
    public long Trainable { get; private set; }

    /// <summary>All parameters.</summary>
    public long Total { get; private set; }

    /// <summary>Adds a run.</summary>
    public void Add(StoredRun run)
    {
        Runs.Add(run.Result);
        Mistakes ??= run.Mistakes;
        (Trainable, Total) = (run.Trainable, run.Total);
    }
}
