using System.Net;
using System.Text.RegularExpressions;
using TransferLab.Comparison;
using TransferLab.Reporting;
using TransferLab.Reporting.Plots;

namespace TransferLab.Tests.Reporting;

/// <summary>Sections of a page whose strategies do not share everything: they were tuned or not, or come from several comparisons.</summary>
public sealed class SectionTests
{
    private static readonly ComparisonResults s_results = SampleResults.Images();

    [Fact]
    public void Tuning_is_a_part_of_the_time_where_there_was_any()
    {
        RunResult[] runs = [.. s_results.Strategies[1].Runs.Select(run => run with { Time = run.Time with { Tuning = 120 } })];
        string page = Render([s_results.Strategies[0], s_results.Strategies[1] with { Runs = runs, TrainSeconds = runs.Average(run => run.Time.Total) }]);

        Assert.Contains(" + trials that chose the settings (striped).", Section(page, "summary"), StringComparison.Ordinal);
        Assert.Equal(["0 ms", "2 min 00 s"], Regex.Matches(Section(page, "summary"), @"[^<>]* \+ ([^<>+]*)</small>").Select(match => match.Groups[1].Value));
        Assert.Single(Regex.Matches(page, "<i class=\"tuning\""));
        Assert.Contains("reading and features included, the trials that chose the settings not, until", Section(page, "curves"), StringComparison.Ordinal);
        Assert.Contains(">Tuning</th>", Section(page, "runs"), StringComparison.Ordinal);
        string[] row = Row(Section(page, "runs"), "full");
        Assert.Equal((12, "2 min 00 s", Figures.Duration(runs[0].Time.Total)), (row.Length, row[7], row[8]));

        string untuned = Render([.. s_results.Strategies]);
        Assert.DoesNotContain("trials", untuned, StringComparison.Ordinal);
        Assert.DoesNotContain(">Tuning</th>", untuned, StringComparison.Ordinal);
    }

    [Fact]
    public void Time_to_accuracy_counts_no_tuning_with_a_curve_or_without()
    {
        RunResult run = s_results.Strategies[1].Runs[0], tuned = run with { Time = run.Time with { Tuning = 120 } };

        Assert.Equal(TimeToAccuracy.Of([run], [0.5]), TimeToAccuracy.Of([tuned], [0.5]));
        Assert.Equal(run.Time.Total, TimeToAccuracy.Of([tuned with { Curve = [] }], [0.5])[0].Seconds!.Value, 9);
    }

    [Fact]
    public void Times_stand_under_their_own_level_where_strategies_have_different_ones()
    {
        string page =
            Render([s_results.Strategies[0] with { TimesToAccuracy = [new(0.75, 2, 3)] },
                s_results.Strategies[1] with { TimesToAccuracy = [new(0.5, 3, 3), new(0.9, 4, 2), new(0.95, null, 0)] }]);

        Assert.Equal(["-", "2.0 s", "-", "-"], Row(Section(page, "curves"), "frozen"));
        Assert.Equal(["3.0 s", "-", "4.0 s (2 of 3)", "not reached"], Row(Section(page, "curves"), "full"));
    }

    [Fact]
    public void Shifted_tests_that_only_some_strategies_took_stand_under_their_own_names()
    {
        string section = Section(Render(
        [
            s_results.Strategies[0] with { Shifts = [Shift("blur", 1, 0.81), Shift("blur", 2, 0.71)] },
            s_results.Strategies[1] with
            {
                Shifts = [Shift("noise", 1, 0.62), Shift("blur", 2, 0.52), Shift("blur", 3, 0.42), Shift("rain", 0, 0.32) with { Change = null, Tests = 50 }],
            },
        ]), "shift");

        Assert.Contains("blur 1: blur by 1. blur 2: blur by 2. blur 3: blur by 3. noise 1: noise by 1. rain: rain by 0, 50 examples.", section,
            StringComparison.Ordinal);
        Assert.Equal(["81.0 (77.0-85.0)", "71.0 (67.0-75.0)", "-", "-", "-"], Row(section, "frozen").Skip(1));
        Assert.Equal(["-", "52.0 (48.0-56.0)", "42.0 (38.0-46.0)", "62.0 (58.0-66.0)", "32.0 (28.0-36.0)"], Row(section, "full").Skip(1));
        Assert.Matches("full: none [0-9.]+ %, 2 52.0 %, 3 42.0 %", section);
        Assert.DoesNotContain("n/a", section, StringComparison.Ordinal);

        static ShiftResult Shift(string name, int severity, double accuracy) => new()
        {
            Name = name,
            Severity = severity,
            Description = $"{name} by {severity}",
            Tests = 300,
            Accuracy = new(accuracy, accuracy - 0.04, accuracy + 0.04),
            Accuracies = [accuracy],
            Change = new(-0.1, -0.2, -0.05),
        };
    }

    [Fact]
    public void Forgetting_counts_from_where_each_backbone_was()
    {
        StrategyResult small = Forgets(s_results.Strategies[0], 0.7, 0.8), large = Forgets(s_results.Strategies[1], 0.85, 0.9),
            untold = Forgets(s_results.Strategies[2], 0.6, null);

        string section = Section(Render([small, large, untold]), "forgetting");

        Assert.Contains("400 examples of birds (10 classes)", section, StringComparison.Ordinal);
        Assert.Contains("80.0 or 90.0 % there.", section, StringComparison.Ordinal);
        Assert.Equal(["birds", "80.0", "70.0", "-10.0", "0.900", "50.0"], Row(section, "frozen"));
        Assert.Equal(["birds", "90.0", "85.0", "-5.0", "0.900", "50.0"], Row(section, "full"));
        Assert.Equal(["", "", "60.0", "", "0.900", "50.0"], Row(section, "knn"));
        Assert.Equal(["70.0", "-10.0", "0.900", "50.0"], Row(Section(Render([small]), "forgetting"), "frozen"));

        static StrategyResult Forgets(StrategyResult strategy, double after, double? before)
        {
            Retention retention = new(after, 0.9, 0.5);
            RetentionData? data = before is { } probe ? new() { Name = "birds", Examples = 400, Classes = 10, ProbeBefore = probe } : null;
            return strategy with { Retention = retention, Runs = [.. strategy.Runs.Select(run => run with { Retention = retention with { Data = data } })] };
        }
    }

    [Fact]
    public void Backbones_of_other_layer_groups_and_other_features_are_shown_apart()
    {
        string[] groups = ["stem", "block"];
        int[] examples = [0, 1, 2, 3, 4];
        StrategyResult[] same = [.. s_results.Strategies.Take(2).Select(s => SampleResults.Inspected(s, groups, [.. examples]))];

        string one = Render(same), two = Render([.. same, SampleResults.Inspected(s_results.Strategies[3], [.. groups, "top"], examples, start: 2)]);

        Assert.Equal(["before training", "frozen", "full"], Names(one));
        Assert.Equal(["before training: frozen, full", "frozen", "full", "before training: scratch", "scratch"], Names(two));
        Assert.DoesNotContain("<h3>", Section(one, "layers"), StringComparison.Ordinal);
        Assert.Equal(["frozen, full", "scratch"], Regex.Matches(Section(two, "layers"), "<h3>(.*?)</h3>").Select(match => match.Groups[1].Value));
        Assert.Equal(["1.0 / 0.950", "1.0 / 0.950"], Row(Section(two, "layers"), "block"));
        Assert.Equal(["2.0 / 0.900"], Row(Section(two, "layers"), "top"));

        static IEnumerable<string> Names(string page) =>
            Regex.Matches(Section(page, "features"), "<bdi class=\"name\">(.*?)</bdi>").Select(match => match.Groups[1].Value);
    }

    [Fact]
    public void No_two_of_many_strategies_look_alike()
    {
        ComparisonResults many = s_results with
        {
            Strategies = [.. Enumerable.Range(0, 40).Select(i => s_results.Strategies[0] with { Name = $"strategy {i}" })],
        };

        (string, MarkerShape)[] looks = [.. SeriesStyle.For(many).Select(style => (style.Css, style.Marker))];

        Assert.Equal(looks.Length, looks.Distinct().Count());
    }

    private static string Render(IReadOnlyList<StrategyResult> strategies) => HtmlReport.Render(s_results with { Strategies = strategies, Pairs = [] });

    /// <summary>A section of the page, with its text decoded.</summary>
    private static string Section(string page, string id) =>
        WebUtility.HtmlDecode(Regex.Match(page, $"<section id=\"{id}\".*?</section>", RegexOptions.Singleline).Value);

    /// <summary>The cells of the first row of that name, without it.</summary>
    private static string[] Row(string section, string name) =>
        [.. Regex.Matches(Regex.Match(section, $"<tr><th scope=\"row\">{name}</th>(.*?)</tr>", RegexOptions.Singleline).Groups[1].Value, "<td[^>]*>(.*?)</td>")
            .Select(match => match.Groups[1].Value)];
}
