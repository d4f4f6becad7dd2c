using System.Globalization;
using TransferLab.Data;

namespace TransferLab.Comparison;

/// <summary>
/// Lays several comparisons of one task side by side, whoever wrote them, as one. On the same test examples, in whatever order, strategies of different
/// comparisons are paired; where the tests differ they only stand beside each other. Levels of times to accuracy and the correction of p-values are those of
/// all strategies together.
/// </summary>
public static class SideBySide
{
    /// <summary>Joins comparisons; strategies whose names occur in more than one are named after their comparison too, such as <c>full (large)</c>.</summary>
    /// <param name="parts">The comparisons with the names that tell them apart; the first one gives the order of the test.</param>
    /// <exception cref="DataException">They are of different kinds or classes, or contradict themselves; the message says which and how.</exception>
    public static ComparisonResults Join(IReadOnlyList<(string Name, ComparisonResults Results)> parts)
    {
        ArgumentOutOfRangeException.ThrowIfZero(parts.Count);
        foreach ((string name, ComparisonResults results) in parts)
        {
            CheckItself(name, results);
            CheckTask(parts[0], name, results);
        }

        ComparisonResults first = parts[0].Results;
        if (parts.Count == 1)
        {
            return first;
        }

        if (parts.FirstOrDefault(part => part.Results.Questions is not null) is { Results: not null } asked)
        {
            throw new DataException(
                $"{asked.Name}: compares answers, and several comparisons of answers are not laid side by side; name all ways in one comparison.");
        }

        HashSet<string> twice = [.. parts.SelectMany(part => part.Results.Strategies.Select(s => s.Name)).GroupBy(name => name)
            .Where(group => group.Count() > 1).Select(group => group.Key)];
        List<(StrategyResult[] Strategies, bool IsSameTest)> joined = [];
        List<Measured> own = [];
        foreach ((string name, ComparisonResults results) in parts)
        {
            string Renamed(string strategy) => twice.Contains(strategy) ? $"{strategy} ({name})" : strategy;
            int[]? order = TestOrder.Of(first.Test, results.Test);
            joined.Add(([.. results.Strategies.Select(s => TestOrder.Apply(s with { Name = Renamed(s.Name) }, order))], order is not null));
            own.AddRange(Own(results).Select(measured => measured with { Pair = Named(measured.Pair, Renamed) }));
        }

        StrategyResult[][] paired = [.. joined.Where(part => part.IsSameTest).Select(part => part.Strategies)];
        Measured[] across = [.. Pairs(paired.SelectMany(strategies => strategies), first)
            .Where(measured => !paired.Any(part => part.Any(s => s.Name == measured.Pair.First) && part.Any(s => s.Name == measured.Pair.Second)))];
        IReadOnlyList<PairResult> pairs = Corrected([.. across, .. own], first.Metrics[0]);
        return first with
        {
            Command = "",
            Data = first.Data with { Warnings = [.. Warnings(parts, [.. joined.Select(part => part.IsSameTest)]), .. SeedWarning(paired, first.Test)] },
            Strategies = WithTimes([.. joined.SelectMany(part => part.Strategies)]),
            Pairs = pairs,
            Verdicts = Verdicts(paired, [.. pairs.Take(across.Length)], parts.Count),
            Warnings = [.. parts.SelectMany(part => part.Results.Warnings).Distinct()],
            Sources = [.. parts.SelectMany(part => part.Results.Sources.Count > 0 ? part.Results.Sources : [ResultsSource.Of(part.Name, part.Results)])],
        };
    }

    private static void CheckItself(string name, ComparisonResults results)
    {
        int tests = results.Test.Count, classes = results.Data.Classes.Count;
        foreach (StrategyResult strategy in results.Strategies)
        {
            if (strategy.Runs.FirstOrDefault(run => run.Scores.Values.Any(scores => scores.Length != tests)) is { } damaged)
            {
                throw new DataException(
                    $"{name}: strategy '{strategy.Name}', seed {damaged.Seed}, has other than {tests} scores for {tests} test examples; the file is damaged.");
            }

            if (strategy.Runs.FirstOrDefault(run => run.Predicted.Count != 0 && run.Predicted.Count != tests) is { } odd)
            {
                throw new DataException(
                    $"{name}: strategy '{strategy.Name}', seed {odd.Seed}, has {odd.Predicted.Count} predictions for {tests} test examples; the file is "
                        + $"damaged.");
            }
        }

        if (results.Metrics.Count == 0)
        {
            throw new DataException($"{name}: it names no metric; the file is damaged.");
        }

        if (results.Questions is { } questions)
        {
            if (questions.Items.Count != tests || results.Strategies.SelectMany(s => s.Runs).Any(run => run.Answers?.Count != tests))
            {
                throw new DataException($"{name}: has other than {tests} answers for {tests} test questions; the file is damaged.");
            }
        }
        else if (results.Test.FirstOrDefault(example => (uint)example.Label >= (uint)classes) is { } wrong)
        {
            throw new DataException($"{name}: test example '{wrong.Name}' has the label {wrong.Label} of {classes} classes; the file is damaged.");
        }
    }

    private static void CheckTask((string Name, ComparisonResults Results) first, string name, ComparisonResults results)
    {
        DataSummary a = first.Results.Data, b = results.Data;
        if (a.Kind != b.Kind)
        {
            throw new DataException($"{name} is about {b.Kind}s and {first.Name} about {a.Kind}s: no table can hold both.");
        }

        if (first.Results.Metrics[0] != results.Metrics[0])
        {
            throw new DataException($"{name} measures {results.Metrics[0].Name} and {first.Name} {first.Results.Metrics[0].Name}: no table can hold both.");
        }

        if (!a.Classes.SequenceEqual(b.Classes))
        {
            string[] missing = [.. a.Classes.Except(b.Classes)], added = [.. b.Classes.Except(a.Classes)];
            string how = missing.Length + added.Length == 0 ? "the same classes in another order"
                : string.Join(" and ",
                    new[] { missing.Length > 0 ? $"lacks {Naming.Some(missing)}" : "", added.Length > 0 ? $"adds {Naming.Some(added)}" : "" }.Where(part =>
                        part.Length > 0));
            throw new DataException(
                $"{name} has other classes than {first.Name} ({how}): the tasks are different ones, and their accuracies are not comparable.");
        }
    }

    /// <summary>The pairs of one comparison over all of its seeds: as it measured them, and measured now where it did not, or not with a test.</summary>
    private static Measured[] Own(ComparisonResults results)
    {
        int count = Tested(results.Strategies, results.Test).Length;
        PairResult[] kept = [.. results.Pairs.Where(pair => pair.Test is not null)];
        Measured[] anew =
            [.. (kept.Length >= count * (count - 1) / 2
                ? []
                : Pairs(results.Strategies, results)).Where(measured => !kept.Any(pair => AreOfTheSame(pair, measured.Pair)))];
        int seeds = results.Strategies.Select(s => s.Runs.Count).DefaultIfEmpty().Max();
        return [.. results.Pairs.Where(pair => !anew.Any(measured => AreOfTheSame(pair, measured.Pair))).Select(pair =>
            new Measured(pair, results.Data.TestExamples, seeds)), .. anew];
    }

    private static bool AreOfTheSame(PairResult a, PairResult b) => (a.First == b.First && a.Second == b.Second)
        || (a.First == b.Second && a.Second == b.First);

    private static PairResult Named(PairResult pair, Func<string, string> rename)
    {
        (string first, string second) = (rename(pair.First), rename(pair.Second));
        return first == pair.First && second == pair.Second ? pair : pair with
        {
            First = first,
            Second = second,
            Sentence = $"{first} and {second}: {pair.Sentence}",
        };
    }

    /// <summary>All pairs on one test over the seeds that all of the strategies ran; none where they share none.</summary>
    private static IEnumerable<Measured> Pairs(IEnumerable<StrategyResult> strategies, ComparisonResults results)
    {
        IReadOnlyList<TestExample> test = results.Test;
        StrategyResult[] tested = Tested(strategies, test);
        HashSet<int> seeds = SharedSeeds(tested);
        IReadOnlyList<PairResult> pairs = seeds.Count == 0 || test.Count == 0 ? [] : PairStatistics.Of(
            [.. tested.Select(s => s with { Runs = [.. s.Runs.Where(run => seeds.Contains(run.Seed)).OrderBy(run => run.Seed)] })],
            [.. test.Select(example => example.Label)], results.Metrics[0]);
        return pairs.Select(pair => new Measured(pair, test.Count, seeds.Count));
    }

    private static StrategyResult[] Tested(IEnumerable<StrategyResult> strategies, IReadOnlyList<TestExample> test) =>
        [.. strategies.Where(s => s.Runs.Count > 0 && s.Runs.All(run => run.Predicted.Count == test.Count))];

    private static HashSet<int> SharedSeeds(StrategyResult[] tested) =>
        [.. tested.SelectMany(s => s.Runs.Select(run => run.Seed)).Where(seed => tested.All(s => s.Runs.Any(run => run.Seed == seed)))];

    /// <summary>The pairs with p-values corrected for the number of all of them, and the sentences that follow; pairs of older versions, which have none, stay
    /// as they are.</summary>
    private static PairResult[] Corrected(Measured[] pairs, MetricSummary metric)
    {
        Queue<double> corrected = new(PairStatistics.Holm([.. pairs.Select(measured => measured.Pair.Test).OfType<PairTest>().Select(test => test.PValue)]));
        PairResult Correct(Measured measured)
        {
            if (measured.Pair is not { Test: { } test } pair)
            {
                return measured.Pair;
            }

            test = test with { Corrected = corrected.Dequeue() };
            return pair with
            {
                Test = test,
                Sentence = Verdict.Sentence(pair.First, pair.Second, pair.Difference, pair.TimeRatio, measured.Tests, test, measured.Seeds, metric),
            };
        }

        return [.. pairs.Select(Correct)];
    }

    /// <summary>The strategies with the time to levels of accuracy that are the same for all of them; each comparison chose its own.</summary>
    private static StrategyResult[] WithTimes(StrategyResult[] strategies)
    {
        double[] levels = TimeToAccuracy.Levels(strategies.Select(s => s.Runs));
        return [.. strategies.Select(s => s with { TimesToAccuracy = s.Runs.Count == 0 ? null : TimeToAccuracy.Of(s.Runs, levels) })];
    }

    private static string[] Verdicts(StrategyResult[][] parts, PairResult[] across, int all)
    {
        StrategyResult?[] best = [.. parts.Select(strategies => strategies.MaxBy(s => s.Accuracy.Value))];
        string[] sentences =
            [.. across.Where(pair => best.Any(s => s?.Name == pair.First) && best.Any(s => s?.Name == pair.Second)).Select(pair => pair.Sentence)];
        return sentences.Length > 0 ? sentences : [$"{all} comparisons side by side; no differences between them were paired."];
    }

    private static string[] SeedWarning(StrategyResult[][] parts, IReadOnlyList<TestExample> test)
    {
        StrategyResult[][] tested = [.. parts.Select(strategies => Tested(strategies, test)).Where(strategies => strategies.Length > 0)];
        StrategyResult[] all = [.. tested.SelectMany(strategies => strategies)];
        int shared = SharedSeeds(all).Count;
        return test.Count == 0 || tested.Length < 2 || all.All(s => s.Runs.Count == shared) ? []
            : shared == 0 ? ["No seed was run by all comparisons: no difference between them is paired."]
            : [$"Pairs across comparisons use the {Naming.Count(shared, "seed", "seeds")} that all ran; a comparison's own pairs use all that it ran."];
    }

    private static string[] Warnings(IReadOnlyList<(string Name, ComparisonResults Results)> parts, bool[] isSameTest)
    {
        ComparisonResults first = parts[0].Results;
        List<string> warnings = [.. parts.SelectMany(part => part.Results.Data.Warnings).Distinct()];
        for (int i = 1; i < parts.Count; i++)
        {
            (string name, ComparisonResults other) = parts[i];
            if (!isSameTest[i])
            {
                warnings.Add(
                    $"{name} was tested on other examples than {parts[0].Name}: their accuracies stand side by side, and no difference between them is "
                        + $"paired.");
            }

            if (other.Data.TrainExamples != first.Data.TrainExamples || other.Data.TrainPerClass != first.Data.TrainPerClass)
            {
                warnings.Add(string.Create(CultureInfo.InvariantCulture,
                    $"{name} trained on {other.Data.TrainExamples:N0} examples and {parts[0].Name} on {first.Data.TrainExamples:N0}."));
            }
            else if (isSameTest[i] && other.Data.Hash != first.Data.Hash)
            {
                warnings.Add($"{name} and {parts[0].Name} have different training data, or hash it differently.");
            }

            if (other.Machine.Processor != first.Machine.Processor || other.Machine.Threads != first.Machine.Threads
                || other.Machine.Device != first.Machine.Device)
            {
                warnings.Add($"{name} ran on another machine than {parts[0].Name}: their times are not comparable.");
            }
        }

        return [.. warnings];
    }

    /// <summary>A pair, with the number of test examples and of seeds that it was measured on.</summary>
    private sealed record Measured(PairResult Pair, int Tests, int Seeds);
}
