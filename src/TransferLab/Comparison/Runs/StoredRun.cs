namespace TransferLab.Comparison;

/// <summary>A finished run as it is kept, so that it need not be repeated.</summary>
internal sealed record StoredRun
{
    /// <summary>Names all that decided the run.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>What it found.</summary>
    public required RunResult Result { get; init; }

    /// <summary>Parameters that trained.</summary>
    public required long Trainable { get; init; }

    /// <summary>All parameters.</summary>
    public required long Total { get; init; }

    /// <summary>Tokens that tuning a language model read, every epoch counted; 0 for all else.</summary>
    public long TunedTokens { get; init; }

    /// <summary>The files that it wrote: where one is gone or not what it was, the run must be repeated.</summary>
    public required IReadOnlyList<StoredFile> Written { get; init; }

    /// <summary>Whether models were asked for, and written where the model can be.</summary>
    public bool SavesModel { get; init; }

    /// <summary>Its worst mistakes, where it was the one to show them.</summary>
    public IReadOnlyList<Mistake>? Mistakes { get; init; }
}
