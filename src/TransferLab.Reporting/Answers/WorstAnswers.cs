using TransferLab.Comparison;
using TransferLab.Reporting.Html;
using TransferLab.Reporting.Plots;
using TransferLab.Strategies;

namespace TransferLab.Reporting.Answers;

/// <summary>The questions that the best way answered worst, what every way said to them, and what it was shown.</summary>
internal static class WorstAnswers
{
    private const int MostQuestions = 12, LongestText = 300, LongestPassage = 500;

    /// <summary>Writes it, if anything was answered less than wholly right.</summary>
    public static void Write(Page page)
    {
        ComparisonResults results = page.Results;
        QuestionSummary questions = results.Questions!;
        string metric = results.Metrics[0].Name;
        StrategyResult best = results.Strategies.Where(row => row.Role == StrategyRole.Transfer).DefaultIfEmpty(results.Strategies[0])
            .MaxBy(row => row.Accuracy.Value)!;
        double[] scores = best.Runs[0].Scores[metric];
        double Elsewhere(int i) => results.Strategies.Max(row => row.Runs[0].Scores[metric][i]); // Where another way is right, there is something to learn.
        int[] worst = [.. Enumerable.Range(0, questions.Items.Count).Where(i => scores[i] < 1).OrderBy(i => scores[i]).ThenByDescending(Elsewhere)
            .ThenBy(i => i).Take(MostQuestions)];
        if (worst.Length == 0)
        {
            return;
        }

        page.Begin("mistakes", "The worst answers",
            $"Questions that {best.Name}, the best way that can be used, answered worst with the first seed; those first that another way answers. Look for "
                + $"wrong right answers, too.");
        foreach (int i in worst)
        {
            QuestionItem item = questions.Items[i];
            page.Markup.Line().Element("h3", Canvas.Short(item.Text, LongestText));
            page.Markup.Element("p", item.Unanswerable ? "Nothing answers it." : $"Right: {Canvas.Short(string.Join(" / ", item.Right), LongestText)}",
                ("class", "note"));
            page.Table($"{item.Name}: what every way answered, and what it was shown", ["Way", $"{metric}, %#", "Answer~", "Shown~"],
                results.Strategies.Select(row => Row(row, i, metric, questions)));
        }

        page.End();
    }

    private static string[] Row(StrategyResult row, int i, string metric, QuestionSummary questions)
    {
        AnswerResult answer = row.Runs[0].Answers![i];
        string shown =
            string.Join(" ",
                answer.Passages.Select(id =>
                    $"[{id}{(answer.Passages[0] == id && answer.Found == false ? ", without the answer" : "")}] "
                        + $"{Canvas.Short(questions.Passages.GetValueOrDefault(id, ""), LongestPassage)}"));
        return [row.Name, Figures.Percent(row.Runs[0].Scores[metric][i]), Canvas.Short(Figures.Name(answer.Text.Trim()), LongestText), shown];
    }
}
