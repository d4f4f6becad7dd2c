namespace TransferLab.Cli;

/// <summary>What an option that takes a model means: where its files are, before it is decided what they hold.</summary>
/// <param name="Name">What reports call it: as it was given, but for files, which go by their own name.</param>
internal sealed record ModelSource(string Name)
{
    /// <summary>The name of a backbone that comes as a package; null where the model is of files.</summary>
    public string? BuiltIn { get; init; }

    /// <summary>The file or folder; null for a package's backbone.</summary>
    public string? Path { get; init; }

    /// <summary>What the catalogue says of it; null where it is not in it.</summary>
    public KnownModel? Known { get; init; }

    /// <summary>Where it comes from, for people; null where its files say all there is.</summary>
    public string? Origin { get; init; }

    /// <summary>Whether it was fetched just now, so that its licence is shown.</summary>
    public bool IsNew { get; init; }
}
