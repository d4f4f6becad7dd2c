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
        + $"features  linear head {Figures.Percent(scores.Probe)} %, nearest neighbour {Figures.Percent(scores.Neighbour)} % (random network {Figures.Percent(scores.RandomNeighbour)} %), "
        + $"LogME {Figures.Score(scores.LogMe)}, H-score {Figures.Score(scores.HScore)}, mean cosine {Figures.Score(scores.MeanCosine)}\n");

    /// <summary>Scores, expectations, recommendation and reasons.</summary>
    public static string Of(TransferAdvice advice)
    {
        StringBuilder text = new();
        text.Append(Of(advice.Scores)).Append('\n');
        text.Append(TextColumns.Of([["expected of", "accuracy, % (9 times in 10)", "gain over frozen, points", "train time"], .. advice.Predictions.Select(p => (string[])
        [
            p.Strategy, Figures.PercentWithInterval(p.Accuracy), p == advice.Predictions[0] ? "" : Figures.PointsWithInterval(p.Gain),
            double.IsNaN(p.Seconds.Value) ? "not measured" : $"{Figures.Duration(p.Seconds.Value)} ({Figures.Duration(p.Seconds.Low)} to {Figures.Duration(p.Seconds.High)})",
        ])]));
        text.Append(CultureInfo.InvariantCulture, $"\nStart with {advice.Recommended}.\n");
        foreach (string reason in advice.Reasons)
        {
            text.Append("- ").Append(reason).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>What was predicted and what was measured, and how often advice was right.</summary>
    public static string Of(AdviceCheck check)
    {
        StringBuilder text = new();
        text.Append(TextColumns.Of([["data", "a class", "gain of full, predicted (9 in 10)", "measured (95 %)", "recommended", "right"], .. check.Lines.Select(line => (string[])
        [
            line.Data, line.PerClass.ToString("N0", CultureInfo.InvariantCulture), Figures.PointsWithInterval(line.Predicted), Figures.PointsWithInterval(line.Measured), line.Recommended + (line.IsSure ? "" : " (not sure)"), line.IsRight ? "yes" : "no",
        ])]));
        int sets = check.Lines.Select(line => line.Data).Distinct().Count(), sure = check.Lines.Count(line => line.IsSure);
        text.Append(CultureInfo.InvariantCulture, $"\nEach of {sets} data sets was predicted from the others alone. The recommendation was right in {check.Right} of {check.Lines.Count} comparisons"
            + $" ({check.Lines.Count(line => line.IsSure && line.IsRight)} of the {sure} that were sure). Following it loses {Figures.Percent(check.Regret)} points of accuracy on average against always knowing the better of the two; "
            + $"always freezing loses {Figures.Percent(check.RegretOfFrozen)}, always fine-tuning {Figures.Percent(check.RegretOfFull)}. The gain was missed by {Figures.Percent(check.Error)} points on average, and lay in its interval in {100 * check.Covered:0} % (90 % promised).\n");
        return text.ToString();
    }
}
