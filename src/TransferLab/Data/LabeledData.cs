using System.Globalization;

namespace TransferLab.Data;

/// <summary>A classification task: its classes, what may be trained on and what is held out for the test.</summary>
public sealed record LabeledData
{
    private const int FirstNames = 6;

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

    /// <summary>One line for a person: how many classes and their first names, how many examples. Names show most of what can be wrong with labels.</summary>
    /// <param name="noun">What an example is: <c>image</c>, <c>text</c>.</param>
    public string Summary(string noun = "example") => string.Create(CultureInfo.InvariantCulture,
        $"{Name}: {Classes.Count} classes ({First(Classes)}), {Train.Count:N0} training and {Test.Count:N0} test {noun}s");

    /// <summary>SHA-256 (hex) over names, labels and contents of all examples.</summary>
    public string Hash { get; init; } = "";

    private static string First(IReadOnlyList<string> names) =>
        Naming.Some(names.Take(FirstNames).Select(Naming.Visible)) + (names.Count > FirstNames ? $" and {names.Count - FirstNames} more" : "");
}
