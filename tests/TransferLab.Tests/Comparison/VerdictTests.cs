using TransferLab.Comparison;
using TransferLab.Strategies;
using TransferLab.Tests.Reporting;

namespace TransferLab.Tests.Comparison;

/// <summary>Sentences say no more than their interval supports.</summary>
public sealed class VerdictTests
{
    [Theory]
    [InlineData(0.03, -0.01, 0.07)]
    [InlineData(-0.03, -0.07, 0.01)]
    [InlineData(0, 0, 0)]
    [InlineData(0.03, 0, 0.06)]
    public void No_winner_is_named_when_the_interval_contains_zero(double value, double low, double high)
    {
        string sentence = Verdict.Sentence("frozen", "full", new(value, low, high), 12, 400, Test(), seeds: 1);

        Assert.StartsWith("No difference in accuracy between frozen and full can be shown with 400 test examples", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("more accurate", sentence, StringComparison.Ordinal);
        Assert.Contains("full takes 12 times as long to train as frozen", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void The_better_one_comes_first_with_positive_points()
    {
        Assert.StartsWith("full is 5.0 points more accurate than frozen (95 % interval 2.0 to 8.0)",
            Verdict.Sentence("frozen", "full", new(0.05, 0.02, 0.08), 3, 400, Test(), 1), StringComparison.Ordinal);
        Assert.StartsWith("frozen is 5.0 points more accurate than full (95 % interval 2.0 to 8.0)",
            Verdict.Sentence("frozen", "full", new(-0.05, -0.08, -0.02), 3, 400, Test(), 1), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1.05, "full trains about as long as frozen")]
    [InlineData(4, "full takes 4.0 times as long to train as frozen")]
    [InlineData(0.25, "frozen takes 4.0 times as long to train as full")]
    public void Time_is_told_of_the_slower_one(double ratio, string expected) =>
        Assert.Contains(expected, Verdict.Sentence("frozen", "full", new(0.05, 0.02, 0.08), ratio, 400, Test(), 1), StringComparison.Ordinal);

    [Fact]
    public void Says_how_many_test_examples_such_a_difference_would_need()
    {
        Estimate unclear = new(0.02, -0.02, 0.06);
        string Of(long? needed) => Verdict.Sentence("a", "b", unclear, 1, 400, Test() with { NeededExamples = needed, NeededFor = 0.02 }, seeds: 3);

        Assert.Contains("about 1,600 would be needed to show a difference of 2.0 points", Of(1_592), StringComparison.Ordinal);
        Assert.Contains("more than a million", Of(2_000_000), StringComparison.Ordinal);
        Assert.Contains("more seeds than 3, not more test examples, would be needed", Of(null), StringComparison.Ordinal);
    }

    [Fact]
    public void A_difference_that_the_number_of_pairs_explains_names_no_winner()
    {
        PairTest chance = Test() with { PValue = 0.02, Corrected = 0.2 };
        string sentence = Verdict.Sentence("frozen", "full", new(0.05, 0.01, 0.09), 1, 400, chance, 1);

        Assert.StartsWith("No difference in accuracy", sentence, StringComparison.Ordinal);
        Assert.Contains("McNemar p 0.20", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_baseline_that_beats_transfer_is_said_to_win()
    {
        Assert.Contains(Summary(new(0.10, 0.05, 0.15)), sentence =>
            sentence.StartsWith("The simple baseline wins: other is 10.0 points", StringComparison.Ordinal));
        Assert.DoesNotContain(Summary(new(-0.10, -0.15, -0.05)), sentence => sentence.Contains("baseline wins", StringComparison.Ordinal));
        Assert.DoesNotContain(Summary(new(0.10, -0.05, 0.25)), sentence => sentence.Contains("baseline wins", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(StrategyRole.Control, "The simple baseline wins: other is 10.0 points")]
    [InlineData(StrategyRole.Own, "The simple baseline wins: other is 10.0 points")]
    [InlineData(StrategyRole.Transfer, "other is 10.0 points")]
    public void Whether_a_baseline_wins_is_a_matter_of_its_role(StrategyRole role, string expected) =>
        Assert.StartsWith(expected, Assert.Single(Summary(new(0.10, 0.05, 0.15), role)), StringComparison.Ordinal);

    [Fact]
    public void A_strategy_that_starts_at_random_or_is_the_users_own_is_not_transfer_whatever_its_name()
    {
        PipelineStrategy own = new() { Name = "mine", Description = "", Kind = "text" };

        Assert.Equal(StrategyRole.Own, own.Role);
        Assert.Equal(StrategyRole.Transfer, (own with { Role = StrategyRole.Transfer, Name = "renamed" }).Role);
        Assert.Equal(StrategyRole.Control, (TransferStrategy.Full() with { Name = "mine", Start = Start.Random }).Role);
        Assert.Equal(StrategyRole.Transfer, (TransferStrategy.Full() with { Name = "scratch" }).Role);
        Assert.Equal([StrategyRole.Control, StrategyRole.Control, StrategyRole.Baseline],
            new[] { "scratch", "frozen-random", "classical" }.Select(name => StrategyCatalog.Find(name).Role));
        Assert.Equal(StrategyCatalog.All.Count - 3, StrategyCatalog.All.Count(strategy => strategy.Role == StrategyRole.Transfer));
    }

    [Fact]
    public void Other_metrics_are_told_in_their_own_words()
    {
        PairTest test = Test() with { Method = "paired t", NeededFor = 0.25 };
        MetricSummary loss = new() { Name = "loss", IsShare = false, LowerIsBetter = true }, f1 = new() { Name = "F1" };

        Assert.StartsWith("full is 0.4 better in loss than frozen (95 % interval 0.2 to 0.6)",
            Verdict.Sentence("frozen", "full", new(-0.4, -0.6, -0.2), 1, 40, test, 1, loss), StringComparison.Ordinal);
        Assert.StartsWith("full is 4.0 points better in F1 than frozen (95 % interval 2.0 to 6.0)",
            Verdict.Sentence("frozen", "full", new(0.04, 0.02, 0.06), 1, 40, test, 1, f1), StringComparison.Ordinal);
        string none = Verdict.Sentence("frozen", "full", new(-0.4, -1, 0.2), 1, 40, test, 1, loss);
        Assert.StartsWith(
            "No difference in loss between frozen and full can be shown with 40 test examples (full minus frozen: -0.4, 95 % interval -1 to 0.2; paired t p",
            none, StringComparison.Ordinal);
        Assert.Contains("to show a difference of 0.25", none, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_several_models_the_best_is_held_against_the_best_of_each_other_and_sentences_are_bounded()
    {
        StrategyResult[] rows =
            [.. new[] { ("a", 0.9), ("b", 0.8), ("c", 0.7) }.SelectMany(model =>
                new[] { Row(model.Item1, "frozen", SpectrumEnd.Frozen, model.Item2 - 0.1), Row(model.Item1, "full", SpectrumEnd.FineTuned, model.Item2) })];
        PairResult[] pairs = [.. rows.SelectMany((first, i) => rows.Skip(i + 1).Select(second => Pair(first.Name, second.Name)))];

        Assert.Equal(["a.frozen/a.full", "b.frozen/b.full", "c.frozen/c.full", "a.full/b.full", "a.full/c.full"], Verdict.Summary(rows, pairs));
        IReadOnlyList<string> bounded = Verdict.Summary([.. rows.Select(row => row with { End = null, Model = null })], [.. pairs, .. pairs]);
        Assert.Equal((13, "18 more differences are in the report."), (bounded.Count, bounded[^1]));

        static StrategyResult Row(string model, string strategy, SpectrumEnd end, double accuracy) =>
            SampleResults.Images().Strategies[0] with
            {
                Name = $"{model}.{strategy}",
                Model = model,
                Strategy = strategy,
                End = end,
                Role = StrategyRole.Transfer,
                Accuracy = new(accuracy, 0, 1),
            };
        static PairResult Pair(string first, string second) => new()
        {
            First = first,
            Second = second,
            Difference = new(0, -1, 1),
            TimeRatio = 1,
            Sentence = $"{first}/{second}",
        };
    }

    [Fact]
    public void A_model_that_gives_one_label_to_everything_is_told_in_one_bounded_line()
    {
        StrategyResult row = SampleResults.Images().Strategies[0];
        string[] classes = ["daisy", "tulip", new('x', 90)];
        StrategyResult Of(string name, params int[][] predicted) => row with
        {
            Name = name,
            Runs = [.. predicted.Select(labels => row.Runs[0] with { Predicted = labels })],
        };

        Assert.Empty(Collapse.Warnings([Of("frozen", [0, 1, 0])], [0, 1, 0], classes));
        Assert.Empty(Collapse.Warnings([Of("frozen", [0, 0, 0])], [0, 0, 0], classes)); // All right, and nothing to tell apart.
        Assert.StartsWith("One label for every test example: full gives 'tulip' with 1 of 2 seeds, scratch gives 'daisy'. ",
            Assert.Single(Collapse.Warnings([Of("frozen", [0, 1, 0]), Of("full", [1, 1, 1], [0, 1, 0]), Of("scratch", [0, 0, 0])], [0, 1, 0], classes)),
                StringComparison.Ordinal);
        string many = Assert.Single(Collapse.Warnings([.. Enumerable.Range(0, 500).Select(i => Of($"s{i}", [2, 2, 2]))], [0, 1, 0], classes));
        Assert.Contains("and 495 more rows", many, StringComparison.Ordinal);
        Assert.InRange(many.Length, 100, 700);
    }

    private static IReadOnlyList<string> Summary(Estimate difference, StrategyRole role = StrategyRole.Baseline)
    {
        StrategyResult any = SampleResults.Images().Strategies[0];
        PairResult pair = new()
        {
            First = "frozen",
            Second = "other",
            Difference = difference,
            TimeRatio = 1,
            Sentence = Verdict.Sentence("frozen", "other", difference, 1, 400, Test(), 1),
        };
        return Verdict.Summary([any with { Name = "frozen", Role = StrategyRole.Transfer }, any with { Name = "other", Role = role }], [pair]);
    }

    private static PairTest Test() => new() { Gained = 40, Lost = 10, PValue = 1e-5, Corrected = 1e-4, NeededFor = 0.02, NeededExamples = 1000 };
}
