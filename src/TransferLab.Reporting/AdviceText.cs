using System.Globalization;
using System.Text;
using TransferLab.Comparison;
using TransferLab.Comparison.Advice;

namespace TransferLab.Reporting;

/// <summary>Advice for the terminal.</summary>
public static class AdviceText
{
    /// <summary>What was seen of the data and the frozen features.</summary>
    public static string Of(TransferScores scores) => string.Create(CultureInfo.InvariantCulture,
        $"data      {scores.Classes} classes, {scores.Examples:N0} training {scores.Kind}s ({scores.Used:N0} looked at), backbone {scores.Backbone}\n"
        + $"features  linear head {Figures.Percent(scores.Probe)} %, nearest neighbour {Figures.Percent(scores.Neighbour)} % (random network "
            + $"{Figures.Percent(scores.RandomNeighbour)} %), "
        + $"LogME {Figures.Score(scores.LogMe)}, H-score {Figures.Score(scores.HScore)}, mean cosine {Figures.Score(scores.MeanCosine)}\n");

    /// <summary>Scores, expectations, recommendation and reasons.</summary>
    public static string Of(TransferAdvice advice)
    {
        StringBuilder text = new();
        text.Append(Of(advice.Scores)).Append('\n');
        text.Append(TextColumns.Of([["expected of", "accuracy, % (9 times in 10)", "gain over frozen, points", "train time"],
            .. advice.Predictions.Select(p => (string[])
        [
            p.Strategy, Figures.PercentWithInterval(p.Accuracy), p == advice.Predictions[0] ? "" : Figures.PointsWithInterval(p.Gain),
            double.IsNaN(p.Seconds.Value)
                ? "not measured"
                : $"{Figures.Duration(p.Seconds.Value)} ({Figures.Duration(p.Seconds.Low)} to {Figures.Duration(p.Seconds.High)})",
        ])]));
        text.Append(CultureInfo.InvariantCulture, $"\nStart with {advice.Recommended}.\n");
        foreach (string reason in advice.Reasons)
        {
            text.Append("- ").Append(reason).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>What was seen of questions, documents, model and machine; which way to start with, and why; what the guide says for the rest.</summary>
    public static string Of(AnswerAdvice advice)
    {
        AnswerEvidence seen = advice.Evidence;
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"data      {seen.Data}: {seen.TrainQuestions:N0} training and {seen.TestQuestions:N0} test questions; ")
            .Append(CultureInfo.InvariantCulture, $"{(seen.Passages > 0 ? $"{seen.Passages:N0} passages" : "no documents")}\n");
        if (seen.Losses is { } losses)
        {
            text.Append(CultureInfo.InvariantCulture, $"model     {seen.Model}, {seen.Parameters:N0} parameters, as it is\n\n");
            text.Append(TextColumns.Of([[$"right answers to {losses.Questions} questions", "loss a token"], .. Places(losses)
                .Where(place => place.Loss is not null).Select(place => (string[])[place.Name, Figures.Score(place.Loss!.Value)])]));
        }

        text.Append(CultureInfo.InvariantCulture, $"\nStart with {advice.Start}.{(advice.Then is { } then ? $" Then try {then}." : "")}\n");
        Lines(advice.Reasons);
        if (advice.Unmeasured.Count > 0)
        {
            text.Append("\nNot measured:\n");
            Lines(advice.Unmeasured);
        }

        if (seen.Losses is not null)
        {
            text.Append("\nThe rules, in their order:\n");
            Lines(AnswerAdvisor.Rules);
        }

        return text.ToString();

        void Lines(IEnumerable<string> lines) => text.Append(string.Concat(lines.Select(line => $"- {line}\n")));
    }

    private static (string Name, double? Loss)[] Places(AnswerLosses losses) =>
        [("the question alone", losses.Alone), ("with examples", losses.WithExamples), ("with passages looked up", losses.WithPassages),
            ("with the right passage", losses.WithRight), ("with a wrong passage", losses.WithWrong)];

    /// <summary>What was predicted and what was measured, and how often advice was right.</summary>
    public static string Of(AdviceCheck check)
    {
        StringBuilder text = new();
        text.Append(TextColumns.Of([["data", "a class", "gain of full, predicted (9 in 10)", "measured (95 %)", "recommended", "right"],
            .. check.Lines.Select(line => (string[])
        [
            line.Data, line.PerClass.ToString("N0", CultureInfo.InvariantCulture), Figures.PointsWithInterval(line.Predicted),
                Figures.PointsWithInterval(line.Measured), line.Recommended + (line.IsSure ? "" : " (not sure)"), line.IsRight ? "yes" : "no",
        ])]));
        int sets = check.Lines.Select(line => line.Data).Distinct().Count(), sure = check.Lines.Count(line => line.IsSure);
        text.Append(CultureInfo.InvariantCulture,
            $"\nEach of {sets} data sets was predicted from the others alone. The recommendation was right in {check.Right} of {check.Lines.Count} comparisons"
            + $" ({check.Lines.Count(line => line.IsSure && line.IsRight)} of the {sure} that were sure). Following it loses {Figures.Percent(check.Regret)} "
                + $"points of accuracy on average against always knowing the better of the two; "
            + $"always freezing loses {Figures.Percent(check.RegretOfFrozen)}, always fine-tuning {Figures.Percent(check.RegretOfFull)}. The gain was missed "
                + $"by {Figures.Percent(check.Error)} points on average, and lay in its interval in {100 * check.Covered:0} % (90 % promised).\n");
        return text.ToString();
    }

    /// <summary>What was advised on answers and what was measured, and how often advice was right.</summary>
    public static string Of(AnswerAdviceCheck check)
    {
        StringBuilder text = new();
        string[] heading = ["set", "start with", "then", "best of all", "scores", "the advised less", "right"];
        text.Append(TextColumns.Of([heading, .. check.Lines.Select(line => (string[])
        [
            line.Data, line.Start, line.Then ?? "", line.Best, Figures.Percent(line.Score), Figures.PointsWithInterval(line.Gap), line.IsRight ? "yes" : "no",
        ])]));
        AnswerAdviceCheck.Line[] lines = [.. check.Lines], others = [.. check.LeftOut];
        string Lost(IEnumerable<double> gaps) => Figures.Percent(gaps.Average());
        text.Append(CultureInfo.InvariantCulture,
            $"\nThe better of start and next was right in {lines.Count(line => line.IsRight)} of {lines.Length} comparisons: ")
            .Append(CultureInfo.InvariantCulture,
                $"not shown to be worse than the best, and within five points of it. It loses {Lost(lines.Select(line => line.Regret))} points ")
            .Append(CultureInfo.InvariantCulture, $"on average; the start alone {Lost(lines.Select(line => line.StartGap.Value))}, ")
            .Append(CultureInfo.InvariantCulture, $"right in {lines.Count(line => line.IsStartRight)}.\n")
            .Append("With the lines of the rules drawn where they lose least on the other sets: ")
            .Append(CultureInfo.InvariantCulture,
                $"right in {others.Count(line => line.IsRight)} of {others.Length}, {Lost(others.Select(line => line.Regret))} points lost.\n")
            .Append("Always the same way loses: ").AppendJoin(", ", check.Always.Select(way => $"{way.Key} {Figures.Percent(way.Value)}")).Append(".\n");
        return text.ToString();
    }
}
