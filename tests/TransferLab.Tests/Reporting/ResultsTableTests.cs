using TransferLab.Comparison;
using TransferLab.Reporting;

namespace TransferLab.Tests.Reporting;

public sealed class ResultsTableTests
{
    [Theory]
    [InlineData(0, "0 ms")]
    [InlineData(0.00042, "0.42 ms")]
    [InlineData(0.012, "12 ms")]
    [InlineData(0.42, "0.42 s")]
    [InlineData(3.14, "3.1 s")]
    [InlineData(59.94, "59.9 s")]
    [InlineData(59.96, "1 min 00 s")]
    [InlineData(252, "4 min 12 s")]
    [InlineData(3599.6, "1 h 00 min")]
    [InlineData(7530, "2 h 05 min")]
    [InlineData(double.NaN, "n/a")]
    public void Durations_read_as_people_say_them(double seconds, string text) => Assert.Equal(text, Figures.Duration(seconds));

    [Theory]
    [InlineData(999, "999 B")]
    [InlineData(812_345_678, "812 MB")]
    [InlineData(999_600_000, "1.0 GB")]
    [InlineData(1_280_000_000, "1.3 GB")]
    public void Bytes_are_decimal(long bytes, string text) => Assert.Equal(text, Figures.Bytes(bytes));

    [Theory]
    [InlineData(0.045, "+4.5")]
    [InlineData(-0.2, "-20.0")]
    [InlineData(-0.0001, "0.0")]
    public void Differences_carry_their_sign_unless_they_round_to_zero(double difference, string text) =>
        Assert.Equal(text, Figures.Points(difference));

    [Fact]
    public void Rows_hold_the_figures_of_the_results()
    {
        ComparisonResults results = SampleResults.Images();
        StrategyResult full = results.Strategies[1] with { Accuracy = new Estimate(0.874, 0.84, 0.9031), TrainSeconds = 252, MacroF1 = 0.8712, LogLoss = 0.4 };
        ResultsRow row = Assert.Single(ResultsTable.Rows(results with { Strategies = [full] }));
        Assert.Equal("full", row.Strategy);
        Assert.Equal("87.4 (84.0-90.3)", row.Accuracy);
        Assert.Equal("4 min 12 s", row.TrainTime);
        Assert.Equal("11,181,642", row.TrainableParameters);
        Assert.Equal("0.871", row.MacroF1);
        Assert.Equal("0.400", row.LogLoss);
        Assert.Equal("8.3 ms", row.Latency);
    }

    [Fact]
    public void Text_is_aligned()
    {
        string[] lines = ResultsTable.ToText(SampleResults.Images()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(5, lines.Length);
        Assert.Single(lines.Select(line => line.Length).Distinct());
    }

    [Fact]
    public void Names_can_neither_break_the_markdown_nor_drive_the_terminal()
    {
        ComparisonResults results = SampleResults.Images();
        StrategyResult hostile = results.Strategies[0] with { Name = "a|b\n\u001b[31m<script>" };
        ComparisonResults renamed = results with { Strategies = [hostile] };
        string[] markdown = ResultsTable.ToMarkdown(renamed).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, markdown.Length);
        Assert.StartsWith("| a\\|b  \\[31m&lt;script&gt; |", markdown[2], StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', ResultsTable.ToText(renamed));
    }
}
