namespace TransferLab.Cli;

/// <summary>A published model that the program knows by name: of some it knows the file, of others where the hub has them. None comes with it.</summary>
internal sealed record KnownModel
{
    /// <summary>Name, also that of its folder; <c>hf:owner/name</c> for one of the hub.</summary>
    public required string Name { get; init; }

    /// <summary><c>image</c>, <c>text</c> or <c>language</c>.</summary>
    public required string Task { get; init; }

    /// <summary>Number of parameters.</summary>
    public required long Parameters { get; init; }

    /// <summary>Licence of the weights.</summary>
    public required string Licence { get; init; }

    /// <summary>What it reads: languages and longest text, or kind and size of images.</summary>
    public required string Input { get; init; }

    /// <summary>What it is and what it was trained on.</summary>
    public required string Origin { get; init; }

    /// <summary>The page to get it from.</summary>
    public required string Page { get; init; }

    /// <summary>What it is good for.</summary>
    public required string GoodFor { get; init; }

    /// <summary>What it was trained to see before every text, where its files do not say it; null for nothing.</summary>
    public string? Prefix { get; init; }

    /// <summary>The file of weights in its folder; null for one of the hub.</summary>
    public string? File { get; init; }

    /// <summary>SHA-256 of that file.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Bytes of that file.</summary>
    public long? Bytes { get; init; }

    /// <summary>Whether it answers, rather than gives features.</summary>
    public bool IsLanguageModel => Task == "language";

    /// <summary>Whether it is on the hub.</summary>
    public bool IsOnHub => File is null;
}
