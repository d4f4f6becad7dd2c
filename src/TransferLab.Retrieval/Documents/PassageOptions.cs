namespace TransferLab.Retrieval;

/// <summary>How documents become passages.</summary>
public sealed record PassageOptions
{
    private const int FewestWords = 8, MostWordsAllowed = 10_000;

    /// <summary>
    /// Longest passage, words: paragraphs stay whole up to here, short neighbours are joined, longer ones are cut between sentences. In scripts without blanks
    /// two
    /// characters count as a word.
    /// </summary>
    public int MostWords { get; init; } = 160;

    /// <summary>Whether the headings above a passage stand at its beginning, so that it says what it is about.</summary>
    public bool WithHeadings { get; init; } = true;

    /// <summary>The column of tables (.csv, .tsv, .json, .jsonl) that is the text; null for all columns, each with its name in front.</summary>
    public string? TextColumn { get; init; }

    internal void Validate()
    {
        if (MostWords is < FewestWords or > MostWordsAllowed)
        {
            throw new ArgumentOutOfRangeException(nameof(MostWords), $"The longest passage is {FewestWords} to {MostWordsAllowed} words, not {MostWords}.");
        }
    }
}
