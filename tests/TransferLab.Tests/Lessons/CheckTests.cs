using TransferLab.Lessons;
using TransferLab.Networks;

namespace TransferLab.Tests.Lessons;

[Collection(nameof(ConsoleCollection))]
public sealed class CheckTests
{
    private static readonly Exercise<double> s_half = new()
    {
        Id = "9.1",
        Hint = "one divided by two",
        Solution = "half = 1.0 / 2;",
        Mistakes = ["half = 1 / 2;"],
        Takeaway = "Integers divide without a rest.",
        Fault = answer => answer == 0.5 ? null : "twice that is not 1.",
    };

    private static readonly Exercise<Func<int, int>> s_next = new()
    {
        Id = "9.2",
        Hint = "add one",
        Solution = "next = x => x + 1;",
        Fault = next => next(1) == 2 ? null : "the next of 1 is 2.",
    };

    [Fact]
    public void An_empty_line_is_open_a_wrong_answer_is_said_and_a_right_one_is_praised()
    {
        Verdict verdict = Verdict.Right;
        Assert.Contains("9.1 is still open", Printed(() => verdict = Check.That(s_half, null)), StringComparison.Ordinal);
        Assert.Equal(Verdict.Open, verdict);
        Assert.Contains("not yet - twice that is not 1.", Printed(() => verdict = Check.That(s_half, 0.0)), StringComparison.Ordinal);
        Assert.Equal(Verdict.Wrong, verdict);
        Assert.Contains("right. Integers divide without a rest.", Printed(() => verdict = Check.That(s_half, 0.5)), StringComparison.Ordinal);
        Assert.Equal(Verdict.Right, verdict);
    }

    [Fact]
    public void Code_that_stops_is_a_wrong_answer_and_no_end_of_the_lesson()
    {
        Verdict verdict = Verdict.Right;
        string printed = Printed(() => verdict = Check.That(s_next, (Func<int, int>)(_ => throw new InvalidOperationException("oops"))));
        Assert.Equal(Verdict.Wrong, verdict);
        Assert.Contains("your code stops with InvalidOperationException: oops", printed, StringComparison.Ordinal);
    }

    [Fact]
    public void Hint_and_solution_are_those_of_the_exercise_checked_last()
    {
        Printed(() => Check.That(s_half, 0.0));
        Assert.Contains("one divided by two", Printed(Lesson.Hint), StringComparison.Ordinal);
        Printed(() => Check.That(s_next, null));
        Assert.Contains("add one", Printed(Lesson.Hint), StringComparison.Ordinal);
        Assert.Contains("next = x => x + 1;", Printed(Lesson.Solution), StringComparison.Ordinal);
    }

    [Fact]
    public void Outside_of_a_notebook_values_print_as_text()
    {
        Assert.Contains("Licence", Printed(() => Lesson.Display(new TransferLab.Networks.BackboneCard { Name = "mine" })), StringComparison.Ordinal);
        Assert.Equal($"42{Environment.NewLine}{Environment.NewLine}", Printed(() => Lesson.Display(42)));
    }

    private static string Printed(Action action)
    {
        TextWriter before = Console.Out;
        using StringWriter writer = new();
        Console.SetOut(writer);
        try
        {
            action();
        }
        finally
        {
            Console.SetOut(before);
        }

        return writer.ToString();
    }
}
