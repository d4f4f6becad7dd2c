namespace TransferLab.Lessons;

/// <summary>Checks the answers of exercises and says what it found. A wrong answer never stops a lesson.</summary>
public static class Check
{
    /// <summary>The exercise that was checked last: whose hint and solution <see cref="Lesson.Hint"/> and <see cref="Lesson.Solution"/> show.</summary>
    public static Exercise? Current { get; private set; }

    /// <summary>Checks a number, or another value.</summary>
    /// <param name="exercise">The question.</param>
    /// <param name="answer">The answer; null while the line is still empty.</param>
    public static Verdict That<T>(Exercise<T> exercise, T? answer)
        where T : struct => answer is { } given ? Judge(exercise, given) : Open(exercise);

    /// <summary>Checks a name, a list or a function.</summary>
    /// <param name="exercise">The question.</param>
    /// <param name="answer">The answer; null while the line is still empty.</param>
    public static Verdict That<T>(Exercise<T> exercise, T? answer)
        where T : class => answer is { } given ? Judge(exercise, given) : Open(exercise);

    private static Verdict Open(Exercise exercise)
    {
        Current = exercise;
        Lesson.Say($"[ ] Exercise {exercise.Id} is still open. Fill in the line above and run it again; Hint() and Solution() help.");
        return Verdict.Open;
    }

    private static Verdict Judge<T>(Exercise<T> exercise, T answer)
    {
        Current = exercise;
        string? fault;
        try
        {
            fault = exercise.Fault(answer);
        }
        catch (Exception e) when (e is not OutOfMemoryException) // A student's function may do anything.
        {
            fault = $"your code stops with {e.GetType().Name}: {e.Message}";
        }

        Lesson.Say(fault is null
            ? $"[x] Exercise {exercise.Id}: right. {exercise.Takeaway}"
            : $"[!] Exercise {exercise.Id}: not yet - {fault} Hint() helps.");
        return fault is null ? Verdict.Right : Verdict.Wrong;
    }
}
