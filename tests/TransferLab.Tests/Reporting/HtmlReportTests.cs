using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using TransferLab.Comparison;
using TransferLab.Reporting;

namespace TransferLab.Tests.Reporting;

public sealed class HtmlReportTests
{
    private static readonly string s_page = HtmlReport.Render(SampleResults.Images());

    [Fact]
    public void Page_shows_the_figures_of_the_results()
    {
        ComparisonResults results = SampleResults.Images();
        foreach (StrategyResult strategy in results.Strategies)
        {
            string row = Regex.Match(s_page, $"<tr role=\"row\"[^>]*>(?:(?!</tr>).)*>{strategy.Name}</bdi>.*?</tr>", RegexOptions.Singleline).Value;
            Assert.Contains($"<b>{(strategy.Accuracy.Value * 100).ToString("0.0", CultureInfo.InvariantCulture)}</b>", row, StringComparison.Ordinal);
            Assert.Contains(strategy.TrainableParameters.ToString("N0", CultureInfo.InvariantCulture), row, StringComparison.Ordinal);
            Assert.Contains(Figures.Score(strategy.MacroF1), row, StringComparison.Ordinal);
            Assert.Contains(Figures.Score(strategy.LogLoss), row, StringComparison.Ordinal);
        }

        string text = WebUtility.HtmlDecode(s_page);
        Assert.All(results.Pairs, pair => Assert.Contains(pair.Sentence, text, StringComparison.Ordinal));
        Assert.All(results.Verdicts, verdict => Assert.Contains(verdict, text, StringComparison.Ordinal));
        Assert.Contains(results.Command, text, StringComparison.Ordinal);
        Assert.Contains(results.Data.Hash, text, StringComparison.Ordinal);
        Assert.Contains(results.Backbone.Sha256, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Matrix_counts_every_prediction_of_every_seed()
    {
        ComparisonResults results = SampleResults.Images();
        string table = Regex.Match(s_page, "<table class=\"matrix\">.*?</table>", RegexOptions.Singleline).Value;
        int[] cells = [.. Regex.Matches(table, "<td[^>]*>([0-9]+)</td>").Select(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture))];
        Assert.Equal(results.Test.Count * results.Strategies[0].Runs.Count, cells.Sum());
        Assert.Equal(results.Strategies[0].Runs.Sum(r => r.Accuracy) * results.Test.Count, Enumerable.Range(0, 5).Sum(i => cells[i * 6]), 6);
    }

    [Fact]
    public void Page_needs_no_network_and_no_script()
    {
        Assert.DoesNotContain("http://", s_page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("https://", s_page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<script", s_page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("url(", s_page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("@import", s_page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("default-src &#x27;none&#x27;", s_page, StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_names_are_text()
    {
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", s_page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img src=x>", s_page, StringComparison.Ordinal);
        Assert.DoesNotMatch("<[^>]* onerror=", s_page);
    }

    [Theory]
    [InlineData("https://example.org/a.jpg")]
    [InlineData("data:image/svg+xml;base64,PHN2Zy8+")]
    [InlineData("data:image/jpeg;base64,AAAA\" onerror=\"alert(1)")]
    [InlineData("javascript:alert(1)")]
    public void Only_pictures_in_the_results_become_pictures(string thumbnail)
    {
        ComparisonResults results = SampleResults.Images();
        StrategyResult strategy = results.Strategies[0] with
        {
            WorstMistakes = [new Mistake { Index = 99_999, Predicted = -1, Score = 0.9f, Thumbnail = thumbnail }],
        };
        string page = HtmlReport.Render(results with { Strategies = [strategy] });
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.DoesNotContain("example.org", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Words_are_marked_by_what_they_spoke_for_and_escaped()
    {
        ComparisonResults results = SampleResults.Images();
        Mistake mistake = new()
        {
            Index = 0,
            Predicted = 1,
            Score = 0.9f,
            Text = "late <b>parcel</b> of mine, and more",
            Words = [new("late ", 1), new("<b>parcel</b> ", -0.5f), new("of ", 0.01f), new("mine,", -1), new(" and more", null)],
        };
        string page = Render(mistake);

        Assert.Contains("""<span class="for3" title="&#x2B;1.00">late</span> <span class="against2" title="-0.50">&lt;b&gt;parcel""", page,
            StringComparison.Ordinal);
        Assert.Contains("""<span class="unread" title="not read"> and more</span>""", page, StringComparison.Ordinal);
        Assert.Contains("It is no proof of how the network decides.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>parcel", page, StringComparison.Ordinal);

        Assert.DoesNotContain("another text", Render(mistake with { Words = [new("another text", 1)] }), StringComparison.Ordinal); // It is not the text's.

        string Render(Mistake shown) => HtmlReport.Render(results with { Strategies = [results.Strategies[0] with { WorstMistakes = [shown] }] });
    }

    [Fact]
    public void Missing_validation_is_drawn_dashed_and_said()
    {
        Assert.Contains("Dashed: training accuracy, because no validation examples were held out (frozen).", s_page, StringComparison.Ordinal);
        Assert.Contains("Without a curve: knn.", s_page, StringComparison.Ordinal);
        Assert.Contains("class=\"line dashed\"", s_page, StringComparison.Ordinal);
    }

    [Fact]
    public void Written_results_give_the_same_page_when_they_are_read()
    {
        using TemporaryFolder folder = new();
        string json = Path.Combine(folder.Path, "results.json"), html = Path.Combine(folder.Path, "report.html");
        ResultsFile.Write(SampleResults.Images(), json);
        HtmlReport.Write(ResultsFile.Read(json), html);
        Assert.Equal(s_page, File.ReadAllText(html));
        Assert.Equal(2, Directory.GetFiles(folder.Path).Length);
    }

    [Fact]
    public void Page_is_the_same_in_every_culture()
    {
        // Made before the culture changes: the sample writes its own sentences.
        ComparisonResults results = SampleResults.Images();
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        german.NumberFormat.NumberDecimalSeparator = ",";
        german.NumberFormat.NumberGroupSeparator = ".";
        german.NumberFormat.NegativeSign = "~";
        try
        {
            CultureInfo.CurrentCulture = german;
            Assert.Equal(s_page, HtmlReport.Render(results));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Results_that_hold_almost_nothing_still_make_a_page()
    {
        ComparisonResults results = SampleResults.Images();
        string none = HtmlReport.Render(results with { Strategies = [], Pairs = [], Verdicts = [], Test = [] });
        StrategyResult bare = results.Strategies[0] with { Runs = [], WorstMistakes = [], LogLoss = double.NaN, TrainSeconds = 0 };
        string one = HtmlReport.Render(results with { Strategies = [bare], Pairs = [], Test = [] });
        Assert.Contains("0 strategies compared.", none, StringComparison.Ordinal);
        Assert.Contains("n/a", one, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", none + one, StringComparison.Ordinal);
    }

    [Fact]
    public void Large_results_make_a_small_page_quickly()
    {
        string[] classes = [.. Enumerable.Range(0, 77).Select(i => $"class {i}")];
        ComparisonResults results = SampleResults.Make(classes, 10_000, 10, SampleResults.All);
        Stopwatch watch = Stopwatch.StartNew();
        string page = HtmlReport.Render(results);
        Assert.InRange(page.Length, 100_000, 1_500_000);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"took {watch.Elapsed}");
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
    }
}
