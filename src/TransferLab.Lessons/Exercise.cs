namespace TransferLab.Lessons;

/// <summary>A question of a lesson whose answer can be checked.</summary>
public abstract record Exercise
{
    /// <summary>Number of the lesson and of the exercise in it: <c>1.2</c>.</summary>
    public required string Id { get; init; }

    /// <summary>A step towards the answer, not the answer.</summary>
    public required string Hint { get; init; }

    /// <summary>C# that answers it: what a student would have put in place of the empty line.</summary>
    public required string Solution { get; init; }

    /// <summary>What to take from it, said once the answer is right.</summary>
    public string Takeaway { get; init; } = "";

    /// <summary>C# of answers that students give and that are wrong. The project's tests run them in the lesson and see that each is caught.</summary>
    public IReadOnlyList<string> Mistakes { get; init; } = [];
}

/// <summary>A question whose answer is a <typeparamref name="T"/>.</summary>
/// <typeparam name="T">Type of the answer: a number, a name, a function.</typeparam>
public sealed record Exercise<T> : Exercise
{
    /// <summary>Judges an answer: null where it is right, else one sentence on what is wrong, which does not give the answer away.</summary>
    public required Func<T, string?> Fault { get; init; }
}
