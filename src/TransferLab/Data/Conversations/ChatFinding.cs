namespace TransferLab.Data;

/// <summary>One thing that a check of chat data saw.</summary>
/// <param name="Line">The line of the file on which the row begins, from 1; 0 for what concerns the whole file.</param>
/// <param name="Path">Where in the row, as a JSON path: <c>$.messages[1].role</c>.</param>
/// <param name="Kind">A short name, the same for all findings of its kind: <c>unknown-role</c>.</param>
/// <param name="IsFault">The file cannot be used as it is; otherwise it can, and a person should know.</param>
/// <param name="Reason">What was found and why it matters.</param>
/// <param name="Mend">What to do.</param>
public sealed record ChatFinding(int Line, string Path, string Kind, bool IsFault, string Reason, string Mend)
{
    /// <summary>What mending does by itself, in the past tense; null where a person has to decide.</summary>
    public string? Mended { get; init; }

    /// <summary>In the held-out file instead of the training file.</summary>
    public bool InTest { get; init; }

    /// <summary>One line: place, reason and mend.</summary>
    public override string ToString() => $"{(Line > 0 ? $"line {Line}, " : "")}{Path}: {Reason}; {Mend}.";
}
