using System.Globalization;
using TransferLab.Data;

namespace TransferLab.Comparison;

/// <summary>
/// Lays several comparisons of one task side by side, whoever wrote them, as one. On the same test examples, in whatever order, strategies of different
/// comparisons are paired; where the tests differ they only stand beside each other.
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

        HashSet<string> twice = [.. parts.SelectMany(part => part.Results.Strategies.Select(s => s.Name)).GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key)];
        List<(StrategyResult[] Strategies, bool IsSameTest)> joined = [];
        List<PairResult> pairs = [];
        foreach ((string name, ComparisonResults results) in parts)
        {
            string Renamed(string strategy) => twice.Contains(strategy) ? $"{strategy} ({name})" : strategy;
            int[]? order = TestOrder.Of(first.Test, results.Test);
            joined.Add(([.. results.Strategies.Select(s => TestOrder.Apply(s with { Name = Renamed(s.Name) }, order))], order is not null));
            pairs.AddRange(results.Pairs.Select(pair => Named(pair, Renamed, results)));
        }

        StrategyResult[][] paired = [.. joined.Where(part => part.IsSameTest).Select(part => part.Strategies)];
        IReadOnlyList<PairResult> measured = Pairs([.. paired.SelectMany(strategies => strategies)], first.Test);
        HashSet<(string, string)> anew = [.. measured.Select(pair => (pair.First, pair.Second))];
        PairResult[] across = [.. measured.Where(pair => !paired.Any(part => part.Any(s => s.Name == pair.First) && part.Any(s => s.Name == pair.Second)))];
        return first with
        {
            Command = "",
            Data = first.Data with { Warnings = Warnings(parts, [.. joined.Select(part => part.IsSameTest)]) },
            Strategies = [.. joined.SelectMany(part => part.Strategies)],
            Pairs = [.. across, .. measured.Except(across), .. pairs.Where(pair => !anew.Contains((pair.First, pair.Second)))],
            Verdicts = Verdicts(paired, across, parts.Count),
            Sources = [.. parts.SelectMany(part => part.Results.Sources.Count > 0 ? part.Results.Sources : [ResultsSource.Of(part.Name, part.Results)])],
        };
    }

    private static void CheckItself(string name, ComparisonResults results)
    {
        int tests = results.Test.Count, classes = results.Data.Classes.Count;
        foreach (StrategyResult strategy in results.Strategies)
        {
            if (strategy.Runs.FirstOrDefault(run => run.Predicted.Count != 0 && run.Predicted.Count != tests) is { } odd)
            {
                throw new DataException($"{name}: strategy '{strategy.Name}', seed {odd.Seed}, has {odd.Predicted.Count} predictions for {tests} test examples; the file is damaged.");
            }
        }

        if (results.Test.FirstOrDefault(example => (uint)example.Label >= (uint)classes) is { } wrong)
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

        if (!a.Classes.SequenceEqual(b.Classes))
        {
            string[] missing = [.. a.Classes.Except(b.Classes)], added = [.. b.Classes.Except(a.Classes)];
            string how = missing.Length + added.Length == 0 ? "the same classes in another order"
                : string.Join(" and ", new[] { missing.Length > 0 ? $"lacks {Naming.Some(missing)}" : "", added.Length > 0 ? $"adds {Naming.Some(added)}" : "" }.Where(part => part.Length > 0));
            throw new DataException($"{name} has other classes than {first.Name} ({how}): the tasks are different ones, and their accuracies are not comparable.");
        }
    }

    private static PairResult Named(PairResult pair, Func<string, string> rename, ComparisonResults results)
    {
        (string first, string second) = (rename(pair.First), rename(pair.Second));
        return first == pair.First && second == pair.Second ? pair : pair with
        {
            First = first,
            Second = second,
            Sentence = pair.Test is null
                ? $"{first} and {second}: {pair.Sentence}"
                : Verdict.Sentence(first, second, pair.Difference, pair.TimeRatio, results.Data.TestExamples, pair.Test, results.Strategies.Max(s => s.Runs.Count)),
        };
    }

    /// <summary>All pairs on one test, corrected for their number, over the seeds that all of the strategies ran; none where they share none.</summary>
    private static IReadOnlyList<PairResult> Pairs(StrategyResult[] strategies, IReadOnlyList<TestExample> test)
    {
        strategies = [.. strategies.Where(s => s.Runs.Count > 0 && s.Runs.All(run => run.Predicted.Count == test.Count))];
        HashSet<int> seeds = [.. strategies.SelectMany(s => s.Runs.Select(run => run.Seed)).Where(seed => strategies.All(s => s.Runs.Any(run => run.Seed == seed)))];
        return seeds.Count == 0 || test.Count == 0 ? [] : PairStatistics.Of(
            [.. strategies.Select(s => s with { Runs = [.. s.Runs.Where(run => seeds.Contains(run.Seed)).OrderBy(run => run.Seed)] })],
            [.. test.Select(example => example.Label)]);
    }

    private static string[] Verdicts(StrategyResult[][] parts, PairResult[] across, int all)
    {
        StrategyResult?[] best = [.. parts.Select(strategies => strategies.MaxBy(s => s.Accuracy.Value))];
        string[] sentences = [.. across.Where(pair => best.Any(s => s?.Name == pair.First) && best.Any(s => s?.Name == pair.Second)).Select(pair => pair.Sentence)];
        return sentences.Length > 0 ? sentences : [$"{all} comparisons side by side; no differences between them were paired."];
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
                warnings.Add($"{name} was tested on other examples than {parts[0].Name}: their accuracies stand side by side, and no difference between them is paired.");
            }

            if (other.Data.TrainExamples != first.Data.TrainExamples || other.Data.TrainPerClass != first.Data.TrainPerClass)
            {
                warnings.Add(string.Create(CultureInfo.InvariantCulture, $"{name} trained on {other.Data.TrainExamples:N0} examples and {parts[0].Name} on {first.Data.TrainExamples:N0}."));
            }
            else if (isSameTest[i] && other.Data.Hash != first.Data.Hash)
            {
                warnings.Add($"{name} and {parts[0].Name} have different training data, or hash it differently.");
            }

            if (other.Machine.Processor != first.Machine.Processor || other.Machine.Threads != first.Machine.Threads || other.Machine.Device != first.Machine.Device)
            {
                warnings.Add($"{name} ran on another machine than {parts[0].Name}: their times are not comparable.");
            }
        }

        return [.. warnings];
    }
}
