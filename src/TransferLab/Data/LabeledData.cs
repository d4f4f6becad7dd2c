namespace TransferLab.Data;

/// <summary>A classification task: its classes, what may be trained on and what is held out for the test.</summary>
public sealed record LabeledData
{
    /// <summary>Name for tables and reports, the folder's or the catalogue's.</summary>
    public required string Name { get; init; }

    /// <summary>Class names in label order: sorted ordinally, so that labels do not depend on the file system.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Examples to train on; validation data is split off from these, never from <see cref="Test"/>.</summary>
    public required IReadOnlyList<Example> Train { get; init; }

    /// <summary>Examples of the test, which no choice of the program looks at.</summary>
    public required IReadOnlyList<Example> Test { get; init; }

    /// <summary>What a person should know before training: duplicates, small or uneven classes, skipped files. One sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>SHA-256 (hex) over names, labels and contents of all examples.</summary>
    public string Hash { get; init; } = "";
}
