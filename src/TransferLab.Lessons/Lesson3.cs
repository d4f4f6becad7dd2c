using TransferLab.Comparison;

namespace TransferLab.Lessons;

/// <summary>The exercises of lesson 3, fine-tuning without breaking things.</summary>
public static class Lesson3
{
    /// <summary>The accuracy on validation examples at the end of a strategy's first run.</summary>
    public static double Validation(StrategyResult strategy) => strategy.Runs[0].Curve[^1].ValidationAccuracy ?? double.NaN;

    /// <summary>The learning rate that one may choose, by what one may look at.</summary>
    /// <param name="results">A comparison whose strategies have validation curves.</param>
    public static Exercise<string> BestRate(ComparisonResults results)
    {
        double most = results.Strategies.Max(Validation);
        return new()
        {
            Id = "3.1",
            Hint = "Order the strategies by Lesson3.Validation(strategy) and take the name of the best: MaxBy(...)!.Name.",
            Solution = "bestRate = results.Strategies.MaxBy(s => Lesson3.Validation(s))!.Name;",
            Mistakes = ["bestRate = results.Strategies.Select(s => s.Description).First();", "bestRate = \"test\";"],
            Takeaway = "Choices are made on validation examples. Who chooses on the test has trained on it, a little, and its figure flatters.",
            Fault = answer => results.Strategies.FirstOrDefault(s => s.Name == answer) is not { } chosen
                ? $"answer with one of {string.Join(", ", results.Strategies.Select(s => s.Name))}."
                : Validation(chosen) < most ? "another rate has a higher accuracy on the validation examples at the end of its curve."
                : null,
        };
    }

    /// <summary>Early stopping: after which epoch training stops.</summary>
    public static Exercise<Func<IReadOnlyList<double>, int, int>> StopAfter() => new()
    {
        Id = "3.2",
        Hint = "Go through the epochs; remember the best accuracy so far and in which epoch it was. Stop in the first epoch that is `patience` epochs after "
            + "the best one. Without such an epoch the answer is the number of epochs.",
        Solution = """
            stopAfter = (accuracies, patience) =>
            {
                int best = 0;
                for (int i = 1; i < accuracies.Count; i++)
                {
                    best = accuracies[i] > accuracies[best] ? i : best;
                    if (i - best >= patience)
                    {
                        return i + 1;
                    }
                }

                return accuracies.Count;
            };
            """,
        Mistakes =
        [
            "stopAfter = (accuracies, patience) => accuracies.ToList().IndexOf(accuracies.Max()) + 1;",
            "stopAfter = (accuracies, patience) => accuracies.Count;",
            "stopAfter = (accuracies, patience) => Math.Min(accuracies.Count, accuracies.ToList().IndexOf(accuracies.Max()) + 1 + patience);",
            "stopAfter = (accuracies, patience) => { int worse = 0; for (int i = 1; i < accuracies.Count; i++) { worse = accuracies[i] > accuracies[i - 1] ? 0 "
                + ": worse + 1; if (worse >= patience) return i + 1; } return accuracies.Count; };",
        ],
        Takeaway =
            "Patience is a bet: too little stops in a dip, too much pays for epochs that bring nothing. The weights of the best epoch come back either way.",
        Fault = stopAfter => stopAfter([0.2, 0.5, 0.4, 0.3, 0.9], 2) != 4
            ? "for accuracies 0.2 0.5 0.4 0.3 0.9 and a patience of 2 it stops after epoch 4: the best was epoch 2, and the 0.9 is never seen."
            : stopAfter([0.1, 0.2, 0.3], 2) != 3 ? "while accuracy grows it does not stop: for 0.1 0.2 0.3 the answer is 3."
            : stopAfter([0.5, 0.4, 0.6, 0.5, 0.5, 0.5], 3) != 6
                ? "for 0.5 0.4 0.6 0.5 0.5 0.5 and a patience of 3 it stops after epoch 6, three epochs after the best one."
            : stopAfter([0.5, 0.3, 0.4, 0.2, 0.3], 3) != 4
                ? "for 0.5 0.3 0.4 0.2 0.3 and a patience of 3 it stops after epoch 4: what counts is the best epoch so far, not the one before."
            : null,
    };

    /// <summary>Early stopping as exercise 3.2 asks for it.</summary>
    /// <param name="accuracies">On validation examples, one an epoch.</param>
    /// <param name="patience">Epochs past the best one after which training stops.</param>
    /// <returns>The epoch, counted from 1.</returns>
    public static int StopsAfter(IReadOnlyList<double> accuracies, int patience)
    {
        int best = 0;
        for (int i = 1; i < accuracies.Count; i++)
        {
            best = accuracies[i] > accuracies[best] ? i : best;
            if (i - best >= patience)
            {
                return i + 1;
            }
        }

        return accuracies.Count;
    }

    /// <summary>The share of weights that the leanest good strategy moves.</summary>
    /// <param name="results">A comparison of strategies between frozen and full.</param>
    public static Exercise<string> Leanest(ComparisonResults results)
    {
        StrategyResult[] unbeaten = [.. results.Strategies.Where(s => !IsBeaten(s, results))];
        long least = unbeaten.Min(s => s.TrainableParameters);
        return new()
        {
            Id = "3.3",
            Hint = "A strategy is beaten where a pair's interval lies wholly on the other's side: Lesson3.IsBeaten(strategy, results). Of those that are not "
                + "beaten take the one with the smallest TrainableParameters.",
            Solution = "leanest = results2.Strategies.Where(s => !Lesson3.IsBeaten(s, results2)).MinBy(s => s.TrainableParameters)!.Name;",
            Mistakes = ["leanest = results2.Strategies.MaxBy(s => s.TrainableParameters)!.Description;", "leanest = \"none\";"],
            Takeaway = "Where several are equally good as far as the test can tell, the leanest is a fine choice: less to store, less to break.",
            Fault = answer => results.Strategies.FirstOrDefault(s => s.Name == answer) is not { } chosen
                ? $"answer with one of {string.Join(", ", results.Strategies.Select(s => s.Name))}."
                : IsBeaten(chosen, results) ? "another strategy is more accurate than that one, by more than luck."
                : chosen.TrainableParameters > least ? "one with fewer trainable parameters is not beaten either."
                : null,
        };
    }

    /// <summary>Whether some other strategy is more accurate by more than luck: the whole interval of the difference is on its side.</summary>
    public static bool IsBeaten(StrategyResult strategy, ComparisonResults results) => results.Pairs.Any(pair =>
        (pair.First == strategy.Name && pair.Difference.Low > 0) || (pair.Second == strategy.Name && pair.Difference.High < 0));
}
