using TransferLab.Comparison;
using TransferLab.Reporting.Html;
using TransferLab.Reporting.Plots;
using TransferLab.Reporting.Sections;

namespace TransferLab.Reporting.Answers;

/// <summary>The page of a comparison of answers.</summary>
internal static class AnswerSections
{
    /// <summary>The question that the page is about.</summary>
    public const string Question = "Prompt, retrieve, tune, or both?";

    /// <summary>Writes all of it.</summary>
    public static void Write(Page page)
    {
        HeaderSection.Write(page);
        Summary(page);
        Pairs(page);
        page.Begin("time", "Quality against seconds");
        page.Plot(
            $"Up and to the left is better. Bars are 95 % intervals of {page.Results.Metrics[0].Name}. Grey: controls that know the right passage, or that "
                + $"need no model.", width => AnswerPlot.Draw(page.Results, page.Styles, width));
        page.End();
        Cost(page);
        FreshnessSection.Write(page);
        SizeSection.Write(page);
        WorstAnswers.Write(page);
        Runs(page);
        CardSection.Write(page);
    }

    private static void Summary(Page page)
    {
        ComparisonResults results = page.Results;
        QuestionSummary questions = results.Questions!;
        page.Begin("summary", "The ways side by side");
        (IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows) = AnswerTable.Of(results);
        page.Table(
            $"{Figures.Count(questions.Items.Count, "test question")} in {Figures.Count(questions.Clusters, "cluster")} (by {questions.ClusteredBy}), over "
                + $"which intervals are taken. {Means(results)}",
            [.. columns.Select((column, i) => i == 0 ? column : column + "#")], rows);
        page.Markup.Open("ul", ("class", "sentences"));
        foreach (StrategyResult row in results.Strategies)
        {
            page.Markup.Open("li").Element("b", row.Name).Text($": {row.Description}.").Close();
        }

        if (questions.Oracle is { } oracle)
        {
            page.Markup.Element("li", oracle);
        }

        page.Markup.Close();
        page.End();
    }

    private static string Means(ComparisonResults results) =>
        string.Join(" ", results.Metrics.Select(metric => metric.Name).Distinct().Select(name => name switch
    {
        "contains" => "Contains: a right answer stands in what was answered.",
        "F1" => "F1: words in common with the nearest right answer (SQuAD's rules).",
        "exact match" => "Exact: the very answer, case, punctuation and articles apart.",
        "log loss" => "Log loss: mean loss a token of the reference answer in the same place.",
        _ => "",
    }).Where(text => text.Length > 0)) + " Found: a passage with the right answer was shown. Ended: answers that were not cut off.";

    private static void Pairs(Page page)
    {
        if (page.Results.Pairs.Count == 0)
        {
            return;
        }

        page.Begin("pairs", "What the choice is worth");
        page.Markup.Open("ul", ("class", "sentences"));
        foreach (PairResult pair in page.Results.Pairs.Where(pair => pair.Planned == true))
        {
            page.Markup.Element("li", pair.Sentence);
        }

        page.Markup.Close();
        page.Table(
            $"Second way against the first, paired on the same questions, clusters resampled. Named beforehand: p is corrected for their number (Holm). "
                + $"Exploratory: p is not corrected, and finds what chance makes. Gained and lost: questions with more, or less, "
                + $"{page.Results.Metrics[0].Name}.",
            ["First → second", "Named", "Difference, points (95 % interval)#", "Gained#", "Lost#", "p#", "Seconds an answer, ratio#"],
            page.Results.Pairs.Select(pair => (string[])[$"{pair.First} → {pair.Second}", pair.Planned == true
                ? "beforehand"
                : "exploratory", Figures.PointsWithInterval(pair.Difference),
                Figures.Count(pair.Test!.Gained), Figures.Count(pair.Test.Lost), Figures.Probability(pair.Test.Corrected), Figures.Ratio(pair.TimeRatio)]));
        page.End();
    }

    private static void Cost(Page page)
    {
        IReadOnlyList<string> evens = AnswerTable.BreakEvens(page.Results);
        if (evens.Count == 0)
        {
            return;
        }

        page.Begin("cost", "When tuning has paid for itself", "What is prepared once costs nothing more afterwards; a long prompt costs with every answer.");
        page.Markup.Open("ul", ("class", "sentences"));
        foreach (string even in evens)
        {
            page.Markup.Element("li", even);
        }

        page.Markup.Close();
        page.End();
    }

    private static void Runs(Page page)
    {
        page.Begin("runs", "Every run");
        page.Table("Values of every seed. Of what is not tuned, one run says all: it answers greedily.",
            ["Way", "Seed#", .. page.Results.Metrics.Select(metric => $"{metric.Name}{(metric.IsShare ? ", %" : "")}#"), "Preparation#", "Median answer#",
                "Peak memory#", "Settings~"],
            page.Results.Strategies.SelectMany(row => row.Runs.Select(run => (string[])
            [
                row.Name, Figures.Count(run.Seed),
                .. page.Results.Metrics.Select(metric => run.Scores.TryGetValue(metric.Name, out double[]? scores)
                    ? metric.IsShare
                    ? Figures.Percent(scores.Average())
                    : Figures.Score(scores.Average())
                    : "-"),
                Figures.Duration(run.Time.Total), Figures.Milliseconds(run.LatencyMilliseconds), Figures.Bytes(run.PeakMemoryBytes),
                string.Join(" · ", run.Settings.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}: {pair.Value}")),
            ])));
        page.End();
    }
}
