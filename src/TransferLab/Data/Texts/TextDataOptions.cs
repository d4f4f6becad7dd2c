namespace TransferLab.Data;

/// <summary>How a text file, or a folder of them, is read.</summary>
public sealed record TextDataOptions
{
    private readonly double testShare = 0.2;
    private readonly string textColumn = "text";
    private readonly string labelColumn = "label";

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
