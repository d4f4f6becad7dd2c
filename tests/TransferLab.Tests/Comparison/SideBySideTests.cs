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
        ComparisonResults other = s_first with { Strategies = [s_first.Strategies[1] with { Name = "nas-bert" }, s_first.Strategies[0]], Pairs = [], Program = "Other 2.0" };

        ComparisonResults joined = SideBySide.Join([("ours", s_first), ("theirs", other)]);

        Assert.Equal(["frozen (ours)", "full", "knn", "scratch", "nas-bert", "frozen (theirs)"], joined.Strategies.Select(s => s.Name));
        PairResult same = Assert.Single(joined.Pairs, pair => pair.First == "full" && pair.Second == "nas-bert");
        Assert.Equal(0, same.Difference.Value);
        Assert.Contains("No difference", same.Sentence, StringComparison.Ordinal);
        Assert.Contains(joined.Pairs, pair => pair.First == "frozen (ours)" && pair.Second == "full" && pair.Sentence.Contains("frozen (ours)", StringComparison.Ordinal));
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
                    Runs = [.. s.Runs.Select(run => run with { Predicted = [.. order.Select(i => run.Predicted[i])], Score = [.. order.Select(i => run.Score[i])] })],
                    WorstMistakes = [.. s.WorstMistakes.Select(mistake => mistake with { Index = s_first.Test.Count - 1 - mistake.Index })],
                }),
            ],
        };

        ComparisonResults joined = SideBySide.Join([("a", s_first), ("b", turned)]);

        Assert.Equal(joined.Strategies[0].Runs[1].Predicted, joined.Strategies[4].Runs[1].Predicted);
        Assert.Equal(joined.Strategies[1].WorstMistakes, joined.Strategies[5].WorstMistakes);
        Assert.Equal(0, joined.Pairs.Single(pair => pair.First == "full (a)" && pair.Second == "full (b)").Difference.Value);
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
        Assert.Contains(SideBySide.Join([("a", s_first), ("b", one)]).Pairs, pair => pair.First == "knn (a)" && pair.Second == "knn (b)" && pair.Difference.Value == 0);
    }

    [Theory]
    [InlineData("lacks tulip")]
    [InlineData("adds orchid")]
    public void Other_classes_are_refused_by_name(string named)
    {
        ComparisonResults other = s_first with { Data = s_first.Data with { Classes = [.. s_first.Data.Classes.Select(name => name == "tulip" ? "orchid" : name)] } };
        Assert.Contains(named, Assert.Throws<DataException>(() => SideBySide.Join([("a", s_first), ("b", other)])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Predictions_that_do_not_fit_the_test_are_refused()
    {
        ComparisonResults cut = s_first with { Test = [.. s_first.Test.Skip(1)] };
        Assert.Contains("300 predictions for 299", Assert.Throws<DataException>(() => SideBySide.Join([("a", s_first), ("b", cut)])).Message, StringComparison.Ordinal);
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
