namespace TransferLab.Data;

/// <summary>What a check of chat data found.</summary>
public sealed class ChatReport
{
    internal ChatReport(string path, ChatHost host, IReadOnlyList<ChatRow> rows, IReadOnlyList<ChatFinding> findings)
    {
        (Path, Host, RowsRead, Findings) = (path, host, rows, findings);
        Rows = rows.Count;
        Usable = rows.Count(row => row.IsSound);
        Turns = rows.Where(row => row.Conversation is not null).SelectMany(row => row.Conversation!.Turns).GroupBy(turn => turn.Role)
            .ToDictionary(group => group.Key, group => group.Count());
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>By whose rules.</summary>
    public ChatHost Host { get; }

    /// <summary>Everything that was seen, faults before warnings, in the order of lines.</summary>
    public IReadOnlyList<ChatFinding> Findings { get; }

    /// <summary>Whether nothing keeps the file from being used.</summary>
    public bool IsUsable => !Findings.Any(finding => finding.IsFault);

    /// <summary>Rows of the file.</summary>
    public int Rows { get; }

    /// <summary>Rows without a fault.</summary>
    public int Usable { get; }

    /// <summary>Rows of the held-out file; null where there is none.</summary>
    public int? TestRows { get; internal init; }

    /// <summary>How many turns of a role there are in rows that could be read.</summary>
    public IReadOnlyDictionary<Role, int> Turns { get; }

    /// <summary>Tokens of all rows that could be read, frames included.</summary>
    public long Tokens { get; internal init; }

    /// <summary>Of these, tokens of answers that are trained, without their frames.</summary>
    public long TrainedTokens { get; internal init; }

    /// <summary>Tokens were estimated, not counted by a tokenizer.</summary>
    public bool IsEstimate { get; internal init; }

    /// <summary>Rows with more tokens than allowed, and how many tokens they have together.</summary>
    public (int Rows, long Tokens) TooLong { get; internal init; }

    /// <summary>How long the rows are.</summary>
    public required LengthHistogram Lengths { get; init; }

    /// <summary>Groups of questions that are alike in their words: the largest first, each with its first question.</summary>
    public required IReadOnlyList<(int Size, string Question)> Groups { get; init; }

    /// <summary>Of how many questions the groups are: all, or an even draw of a large file's.</summary>
    public int Grouped { get; internal init; }

    /// <summary>The number of epochs that OpenAI's rule gives for so many rows; null for hosts that do not follow it.</summary>
    public int? Epochs => Host.CountsEpochsLikeOpenAI && Rows > 0 ? DefaultEpochs(Rows) : null;

    internal IReadOnlyList<ChatRow> RowsRead { get; }

    /// <summary>Writes the rows with everything mended that has one meaning, as <c>messages</c>; what a person has to decide on is left out.</summary>
    /// <exception cref="DataException">No row is left.</exception>
    /// <exception cref="IOException">The place cannot be written to.</exception>
    public ChatMending WriteMended(string path) => ChatMending.Write(this, path);

    private static int DefaultEpochs(int rows) => 3 * rows < 100 ? Math.Min(25, Math.Max(1, 100 / rows)) : 3 * rows > 25_000 ? Math.Max(1, 25_000 / rows) : 3;
}
