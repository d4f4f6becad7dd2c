namespace TransferLab.Data;

/// <summary>What became of one row of a file.</summary>
/// <param name="Line">The line on which it begins.</param>
/// <param name="Shape">Its shape; null where that could not be told.</param>
/// <param name="Conversation">What it says, with everything mended that has one meaning; null where there is no telling.</param>
/// <param name="Findings">What is wrong with it.</param>
internal sealed record ChatRow(int Line, ChatShape? Shape, Conversation? Conversation, List<ChatFinding> Findings)
{
    /// <summary>The row itself as a path: <c>$</c>, or <c>$[3]</c> where it is an element of an array.</summary>
    public string Root { get; private init; } = "$";

    /// <summary>Where it stands, for people.</summary>
    public string Place => Root == "$" ? $"line {Line}" : $"{Root} (line {Line})";

    /// <summary>What is to be said of it beside the <see cref="Findings"/> of reading.</summary>
    public List<ChatFinding> Seen { get; } = [];

    /// <summary>Where the turns stand in the row.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>It can be read as it stands.</summary>
    public bool IsSound => Conversation is not null && !Findings.Any(finding => finding.IsFault);

    /// <summary>Where the text of a turn stands.</summary>
    public string TextPath(int turn) => !Paths[turn].EndsWith(']') ? Paths[turn] : $"{Paths[turn]}.{(Shape == ChatShape.ShareGpt ? "value" : "content")}";

    /// <summary>The same row as an element of an array.</summary>
    public ChatRow At(int index)
    {
        string root = $"$[{index}]";
        return this with
        {
            Root = root,
            Findings = [.. Findings.Select(finding => finding with { Path = root + finding.Path[1..] })],
            Paths = [.. Paths.Select(path => root + path[1..])],
        };
    }

    /// <summary>It can be read once what has one meaning is mended.</summary>
    public bool IsMendable => Conversation is not null && Findings.All(finding => !finding.IsFault || finding.Mended is not null);
}
