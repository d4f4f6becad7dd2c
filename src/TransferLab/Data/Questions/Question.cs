namespace TransferLab.Data;

/// <summary>A question with its right answer: a conversation whose last turn is what a model should have said.</summary>
public sealed record Question
{
    /// <summary>What names it in files: its id where it has one, otherwise its place.</summary>
    public required string Name { get; init; }

    /// <summary>Where it stands in its file, for messages: "line 4"; null where no file was read.</summary>
    internal string? Place { get; init; }

    /// <summary>All turns before the answer.</summary>
    public required Conversation Prompt { get; init; }

    /// <summary>The answer that a model may be tuned on, and whose loss is measured.</summary>
    public required string Reference { get; init; }

    /// <summary>Short right answers, any of which will do; empty where only <see cref="Reference"/> is known.</summary>
    public IReadOnlyList<string> Answers { get; init; } = [];

    /// <summary>The fact that it asks for: several questions may ask for one. Null where nobody says.</summary>
    public string? Fact { get; init; }

    /// <summary>The document, or passage, that answers it; null where nobody says.</summary>
    public string? Document { get; init; }

    /// <summary>What must not be parted between training and test, such as an article; null for what <see cref="Fact"/> or the wording says.</summary>
    public string? Group { get; init; }

    /// <summary>Whether no document answers it, so that the right answer is to say so.</summary>
    public bool Unanswerable { get; init; }

    /// <summary>The last thing that the user says: what is looked up.</summary>
    public string Text => Prompt.Turns.LastOrDefault(turn => turn.Role == Role.User)?.Content ?? "";

    /// <summary>What counts as right: the short answers, or the reference where there are none.</summary>
    public IReadOnlyList<string> Right => Answers.Count > 0 ? Answers : [Reference];

    /// <summary>The whole conversation, the answer included: a row to tune on.</summary>
    public Conversation Whole => Prompt with { Turns = [.. Prompt.Turns, new(Role.Assistant, Reference)] };
}
