using TransferLab.Comparison;

namespace TransferLab.Lessons;

/// <summary>The exercises of lesson 1, the whole game.</summary>
public static class Lesson1
{
    /// <summary>The gain of fine-tuning in percentage points.</summary>
    /// <param name="results">A comparison of <c>frozen</c> and <c>full</c>.</param>
    public static Exercise<double> PointsGained(ComparisonResults results)
    {
        double right = 100 * (Find(results, "full").Accuracy.Value - Find(results, "frozen").Accuracy.Value);
        return new()
        {
            Id = "1.1",
            Hint = "An accuracy is a share between 0 and 1: full.Accuracy.Value and frozen.Accuracy.Value. Points are hundredths, and the gain is what full "
                + "has more.",
            Solution = "gained = 100 * (full.Accuracy.Value - frozen.Accuracy.Value);",
            Mistakes = ["gained = 100 * full.Accuracy.Value;", "gained = 100 * (full.Accuracy.Value / frozen.Accuracy.Value);"],
            Takeaway = "Points, not per cent: from 50 % to 55 % is 5 points, and 10 per cent of 50.",
            Fault = answer => Math.Abs(answer - right) < 0.06 ? null
                : Math.Abs((100 * answer) - right) < 0.06 ? "that is the difference of the shares; a point is a hundredth."
                : Math.Abs(answer + right) < 0.06 ? "the sign is wrong: the gain is what full has more than frozen."
                : "that is not the difference of the two accuracies in points.",
        };
    }

    /// <summary>Whether the gain is more than luck.</summary>
    /// <param name="pair">The pair of <c>frozen</c> and <c>full</c>.</param>
    public static Exercise<string> Winner(PairResult pair) => new()
    {
        Id = "1.2",
        Hint = "pair.Difference is pair.Second minus pair.First, with its interval from Low to High. Where the interval holds zero, the test cannot tell the "
            + "two apart.",
        Solution = "winner = pair.Difference.Low > 0 ? pair.Second : pair.Difference.High < 0 ? pair.First : \"nobody\";",
        Mistakes =
        [
            "winner = pair.Difference.Low > 0 ? pair.First : pair.Difference.High < 0 ? pair.Second : pair.First;",
            "winner = \"the slower one\";",
        ],
        Takeaway = "A winner is named only where the whole interval lies on one side of zero.",
        Fault = answer => answer == (pair.Difference.Low > 0 ? pair.Second : pair.Difference.High < 0 ? pair.First : "nobody") ? null
            : answer is "frozen" or "full" or "nobody" ? "look at the interval of the difference, and at the sign of its ends."
            : "answer with \"frozen\", \"full\" or \"nobody\".",
    };

    /// <summary>The test examples that fine-tuning turned from wrong to right.</summary>
    /// <param name="results">A comparison of <c>frozen</c> and <c>full</c>.</param>
    public static Exercise<int> Rescued(ComparisonResults results)
    {
        IReadOnlyList<int> frozen = Find(results, "frozen").Runs[0].Predicted, full = Find(results, "full").Runs[0].Predicted;
        int right = results.Test.Where((example, i) => full[i] == example.Label && frozen[i] != example.Label).Count();
        return new()
        {
            Id = "1.3",
            Hint = "Go over i from 0 to results.Test.Count - 1; compare full.Runs[0].Predicted[i] and frozen.Runs[0].Predicted[i] with results.Test[i].Label.",
            Solution = """
                rescued = Enumerable.Range(0, results.Test.Count).Count(i =>
                    full.Runs[0].Predicted[i] == results.Test[i].Label && frozen.Runs[0].Predicted[i] != results.Test[i].Label);
                """,
            Mistakes =
            [
                "rescued = Enumerable.Range(0, results.Test.Count).Count(i => full.Runs[0].Predicted[i] == results.Test[i].Label);",
                "rescued = results.Test.Count;",
            ],
            Takeaway = "Some go the other way, too: fine-tuning also loses examples that frozen features had right.",
            Fault = answer => answer == right ? null : "count the test examples that full has right and frozen has wrong, both at once.",
        };
    }

    private static StrategyResult Find(ComparisonResults results, string name) => results.Strategies.First(strategy => strategy.Name == name);
}
