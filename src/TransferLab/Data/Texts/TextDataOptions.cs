namespace TransferLab.Data;

/// <summary>How a text file, or a folder of them, is read.</summary>
public sealed record TextDataOptions
{
    private readonly double testShare = 0.2;
    private readonly string textColumn = "text";
    private readonly string labelColumn = "label";
    private readonly char? separator;
    private readonly char? quote = '"';

    /// <summary>File of the test; without it <c>test.*</c> or <c>val.*</c> beside <c>train.*</c>, or a split.</summary>
    public string? TestPath { get; init; }

    /// <summary>Column, or JSON member, that holds the text; matched exactly.</summary>
    /// <exception cref="ArgumentException">Empty.</exception>
    public string TextColumn
    {
        get => textColumn;
        init => textColumn = Named(value, nameof(TextColumn));
    }

    /// <summary>Column, or JSON member, that holds the class; matched exactly.</summary>
    /// <exception cref="ArgumentException">Empty.</exception>
    public string LabelColumn
    {
        get => labelColumn;
        init => labelColumn = Named(value, nameof(LabelColumn));
    }

    /// <summary>
    /// What stands between the fields of .csv and .tsv. Null for a comma in .csv and a tab in .tsv, or, where the header has both columns only with another one
    /// of comma, semicolon, tab and bar, for that, with a warning.
    /// </summary>
    /// <exception cref="ArgumentException">No ASCII character, or a letter, digit, quote or line break.</exception>
    public char? Separator
    {
        get => separator;
        init => separator = value is null or '\t' || (value < 127 && value > ' ' && !char.IsAsciiLetterOrDigit(value.Value) && value is not ('"' or '\''))
            ? value
            : throw new ArgumentException($"A separator is a tab or a sign such as ',', ';' or '|', not {Naming.Quote(value.Value.ToString())}.",
                nameof(Separator));
    }

    /// <summary>What encloses fields of .csv and .tsv that hold separators or line breaks; null where nothing does, and quotes are text as any other.</summary>
    /// <exception cref="ArgumentException">Neither a double quote nor a single one.</exception>
    public char? Quote
    {
        get => quote;
        init => quote = value is null or '"' or '\''
            ? value
            : throw new ArgumentException($"A quote is '\"' or '\'', or none, not {Naming.Quote(value.Value.ToString())}.", nameof(Quote));
    }

    /// <summary>Share of each class that a split holds out for the test; within 0.01 and 0.9.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside that range.</exception>
    public double TestShare
    {
        get => testShare;
        init => testShare = Split.CheckedShare(value, nameof(TestShare));
    }

    /// <summary>Seed of the split, apart from the seeds of training: every run of a comparison has the same test.</summary>
    public int SplitSeed { get; init; }

    private static string Named(string value, string option) => string.IsNullOrWhiteSpace(value)
        ? throw new ArgumentException($"{option} is empty; give the name of a column.", option)
        : value.Trim();
}
