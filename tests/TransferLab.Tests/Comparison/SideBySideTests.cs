using TransferLab.Comparison;
using TransferLab.Data;
using TransferLab.Reporting;
using TransferLab.Tests.Cli;
using TransferLab.Tests.Reporting;

namespace TransferLab.Tests.Comparison;

/// <summary>Several comparisons as one.</summary>
public sealed class SideBySideTests
{
    private static readonly ComparisonResults s_first = SampleResults.Images();

    [Fact]
    public void Strategies_of_the_same_test_are_paired_across_comparisons_and_named_after_them()
    {
        ComparisonResults other = s_first with
        {
            Strategies = [s_first.Strategies[1] with { Name = "nas-bert" }, s_first.Strategies[0]],
            Pairs = [],
            Program = "Other 2.0",
        };

        ComparisonResults joined = SideBySide.Join([("ours", s_first), ("theirs", other)]);

        Assert.Equal(["frozen (ours)", "full", "knn", "scratch", "nas-bert", "frozen (theirs)"], joined.Strategies.Select(s => s.Name));
        PairResult same = Assert.Single(joined.Pairs, pair => pair.First == "full" && pair.Second == "nas-bert");
        Assert.Equal(0, same.Difference.Value);
        Assert.Contains("No difference", same.Sentence, StringComparison.Ordinal);
        Assert.Contains(joined.Pairs, pair => pair.First == "frozen (ours)" && pair.Second == "full"
            && pair.Sentence.Contains("frozen (ours)", StringComparison.Ordinal));
        Assert.Equal(["ours", "theirs"], joined.Sources.Select(source => source.Name));
        Assert.Contains("Other 2.0", HtmlReport.Render(joined), StringComparison.Ordinal);
    }

    [Fact]
    public void The_order_of_the_test_does_not_matter()
    {
        int[] order = [.. Enumerable.Range(0, s_first.Test.Count).Reverse()];
        ComparisonResults turned = s_first with
        {
            Test = [.. order.Select(i => s_first.Test[i])],
            Strategies =
            [
                .. s_first.Strategies.Select(s => s with
                {
                    Runs = [
                        .. s.Runs.Select(run =>
                            run with { Predicted = [.. order.Select(i => run.Predicted[i])], Score = [.. order.Select(i => run.Score[i])],
                                Scores = Scored(s_first.Test, run, order) })],
                    WorstMistakes = [.. s.WorstMistakes.Select(mistake => mistake with { Index = s_first.Test.Count - 1 - mistake.Index })],
                }),
            ],
        };

        ComparisonResults joined = SideBySide.Join([("a", s_first), ("b", turned)]);

        Assert.Equal(Scored(s_first.Test, joined.Strategies[0].Runs[1], [.. order.Reverse()])["accuracy"], joined.Strategies[4].Runs[1].Scores["accuracy"]);
        Assert.Equal(joined.Strategies[0].Runs[1].Predicted, joined.Strategies[4].Runs[1].Predicted);
        Assert.Equal(joined.Strategies[1].WorstMistakes, joined.Strategies[5].WorstMistakes);
        Assert.Equal(0, joined.Pairs.Single(pair => pair.First == "full (a)" && pair.Second == "full (b)").Difference.Value);
    }

    [Fact]
    public void Other_metrics_and_other_numbers_of_scores_are_refused()
    {
        ComparisonResults other = s_first with { Metrics = [new() { Name = "F1" }] };
        Assert.Contains("b measures F1 and a accuracy", Assert.Throws<DataException>(() => SideBySide.Join([("a", s_first), ("b", other)])).Message,
            StringComparison.Ordinal);

        RunResult run = s_first.Strategies[0].Runs[0] with { Scores = new Dictionary<string, double[]> { ["accuracy"] = [1] } };
        ComparisonResults cut = s_first with { Strategies = [s_first.Strategies[0] with { Runs = [run] }] };
        Assert.Contains("the file is damaged", Assert.Throws<DataException>(() => SideBySide.Join([("a", cut)])).Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, double[]> Scored(IReadOnlyList<TestExample> test, RunResult run, int[] order) =>
        new() { ["accuracy"] = [.. order.Select(i => run.Predicted[i] == test[i].Label ? 1.0 : 0)] };

    [Fact]
    public void What_was_inspected_follows_the_order_of_the_test_and_is_left_out_on_another()
    {
        StrategyResult seen = SampleResults.Inspected(s_first.Strategies[1], ["stem", "block"], [0, 5, 7]);
        seen = seen with
        {
            Runs = [.. seen.Runs.Select(run => run with { Calibrated = new() { Temperature = 1, HeldOut = 20, LogLoss = 1, Score = run.Score } })],
        };
        ComparisonResults turned = s_first with { Test = [.. s_first.Test.Reverse()], Strategies = [seen], Pairs = [] };
        ComparisonResults other = SampleResults.Make([.. s_first.Data.Classes], 120, 1, ["lora"]);
        other = other with { Strategies = [SampleResults.Inspected(other.Strategies[0], ["stem", "block"], [0, 5, 7])] };

        IReadOnlyList<StrategyResult> joined = SideBySide.Join([("a", s_first), ("b", turned), ("c", other)]).Strategies;

        RunResult run = joined.Single(s => s.Name == "full (b)").Runs[0];
        Assert.Equal([299, 294, 292], run.Inspection!.Before.Examples);
        Assert.Equal(run.Inspection.Before.Examples, run.Inspection.After.Examples);
        Assert.Equal(seen.Runs[0].Inspection!.After.X, run.Inspection.After.X);
        Assert.Equal(run.Score, run.Calibrated!.Score);
        Assert.Null(joined.Single(s => s.Name == "lora").Features);
    }

    [Fact]
    public void Times_to_accuracy_are_of_levels_that_all_share()
    {
        StrategyResult bare = s_first.Strategies[1] with
        {
            Name = "theirs",
            Runs = [.. s_first.Strategies[1].Runs.Select(run => run with { Curve = [] })],
            TimesToAccuracy = null,
        };
        ComparisonResults weak = s_first with
        {
            Strategies = [s_first.Strategies[3] with { TimesToAccuracy = [new(0.3, 1, 3), new(0.4, 2, 3), new(0.5, 3, 3)] }],
            Pairs = [],
        };
        ComparisonResults theirs = s_first with { Strategies = [bare, bare with { Name = "untold", Runs = [] }], Pairs = [] };

        ComparisonResults joined = SideBySide.Join([("a", weak), ("b", s_first), ("c", theirs)]);

        double[] levels = TimeToAccuracy.Levels(joined.Strategies.Select(s => s.Runs));
        Assert.InRange(levels[^1], 0.9, 1);
        Assert.All(joined.Strategies.SkipLast(1), s => Assert.Equal(levels, s.TimesToAccuracy!.Select(time => time.Accuracy)));
        Assert.Null(joined.Strategies[0].TimesToAccuracy![^1].Seconds);
        Assert.Equal(bare.Runs.Average(run => run.Time.Total), joined.Strategies[^2].TimesToAccuracy![0].Seconds!.Value, 9);
        Assert.Null(joined.Strategies[^1].TimesToAccuracy);
        Assert.Contains("not reached", HtmlReport.Render(joined), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_test_stands_beside_without_pairs_and_says_so()
    {
        ComparisonResults other = SampleResults.Make([.. s_first.Data.Classes], 120, 2, ["full"]);

        ComparisonResults joined = SideBySide.Join([("a", s_first), ("b", other)]);

        Assert.Equal(5, joined.Strategies.Count);
        Assert.DoesNotContain(joined.Pairs, pair => pair.First == "full (b)" || pair.Second == "full (b)");
        Assert.Contains(joined.Data.Warnings, warning => warning.Contains("b was tested on other examples than a", StringComparison.Ordinal));
        Assert.Contains("full (b)", HtmlReport.Render(joined), StringComparison.Ordinal);
    }

    [Fact]
    public void Seeds_that_only_one_of_them_ran_are_left_out_of_a_pair()
    {
        ComparisonResults one = s_first with { Strategies = [.. s_first.Strategies.Select(s => s with { Runs = [s.Runs[0]] })] };
        Assert.Contains(SideBySide.Join([("a", s_first), ("b", one)]).Pairs, pair => pair.First == "knn (a)" && pair.Second == "knn (b)"
            && pair.Difference.Value == 0);
    }

    [Fact]
    public void A_comparison_s_own_pairs_keep_all_of_its_seeds_and_all_pairs_are_corrected_together()
    {
        ComparisonResults three = s_first with { Pairs = PairStatistics.Of(s_first.Strategies, [.. s_first.Test.Select(example => example.Label)]) };
        ComparisonResults one = s_first with { Strategies = [.. s_first.Strategies.Take(2).Select(s => s with { Runs = [s.Runs[0]] })], Pairs = [] };

        ComparisonResults joined = SideBySide.Join([("a", three), ("b", one)]);

        PairResult before = three.Pairs.Single(pair => pair is { First: "frozen", Second: "full" }),
            after = joined.Pairs.Single(pair => pair is { First: "frozen (a)", Second: "full (a)" });
        Assert.Equal((before.Difference, before.Test!.PValue, before.Test.Bootstrap), (after.Difference, after.Test!.PValue, after.Test.Bootstrap));
        Assert.Contains("frozen (a)", after.Sentence, StringComparison.Ordinal);
        Assert.Equal(0, joined.Pairs.Single(pair => pair is { First: "full (a)", Second: "full (b)" }).Difference.Value);
        Assert.Equal(6 + 1 + 8, joined.Pairs.Count);
        Assert.Equal(PairStatistics.Holm([.. joined.Pairs.Select(pair => pair.Test!.PValue)]), joined.Pairs.Select(pair => pair.Test!.Corrected));
        Assert.Contains("Pairs across comparisons use the 1 seed that all ran; a comparison's own pairs use all that it ran.", joined.Data.Warnings);
        Assert.DoesNotContain(SideBySide.Join([("a", three), ("b", three)]).Data.Warnings, warning => warning.Contains("seed", StringComparison.Ordinal));
    }

    [Fact]
    public void Pairs_of_older_files_that_cannot_be_measured_again_stay_as_they_are()
    {
        ComparisonResults bare = s_first with
        {
            Strategies = [.. s_first.Strategies.Select(s => s with { Runs = [.. s.Runs.Select(run => run with { Predicted = [] })] })],
        };

        PairResult old = Assert.Single(SideBySide.Join([("a", s_first), ("b", bare)]).Pairs, pair => pair is { First: "frozen (b)", Second: "full (b)" });

        Assert.Equal(s_first.Pairs[0].Difference, old.Difference);
        Assert.Equal($"frozen (b) and full (b): {s_first.Pairs[0].Sentence}", old.Sentence);
    }

    [Theory]
    [InlineData("lacks tulip")]
    [InlineData("adds orchid")]
    public void Other_classes_are_refused_by_name(string named)
    {
        ComparisonResults other = s_first with
        {
            Data = s_first.Data with { Classes = [.. s_first.Data.Classes.Select(name => name == "tulip" ? "orchid" : name)] },
        };
        Assert.Contains(named, Assert.Throws<DataException>(() => SideBySide.Join([("a", s_first), ("b", other)])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Predictions_that_do_not_fit_the_test_are_refused()
    {
        ComparisonResults cut = s_first with { Test = [.. s_first.Test.Skip(1)] };
        Assert.Contains("300 predictions for 299", Assert.Throws<DataException>(() => SideBySide.Join([("a", s_first), ("b", cut)])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_command_writes_one_page_that_can_be_made_again()
    {
        using TemporaryFolder folder = new();
        string a = Path.Combine(folder.Path, "a"), b = Path.Combine(folder.Path, "b"), both = Path.Combine(folder.Path, "both");
        ResultsFile.Write(s_first, Path.Combine(a, "results.json"));
        ResultsFile.Write(s_first with { Program = "Other 2.0" }, Path.Combine(b, "results.json"));

        (int code, string output, string error) = CliProcess.Run("report", a, b, "--out", both);

        Assert.True(code == 0, error);
        Assert.Contains("frozen (b)", output, StringComparison.Ordinal);
        byte[] page = File.ReadAllBytes(Path.Combine(both, "report.html"));
        Assert.Equal(0, CliProcess.Run("report", both).Code);
        Assert.Equal(page, File.ReadAllBytes(Path.Combine(both, "report.html")));
    }
}
