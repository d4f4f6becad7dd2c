using System.Text.Json.Nodes;
using TransferLab.Comparison;
using TransferLab.Data;
using TransferLab.Reporting;
using TransferLab.Strategies;
using TransferLab.Tests.Reporting;

namespace TransferLab.Tests.Comparison;

/// <summary>Results of earlier versions open, those of newer ones are refused by their version.</summary>
public sealed class ResultsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => Path.Combine(_folder.Path, "results.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read_and_has_a_version()
    {
        ComparisonResults results = SampleResults.Make(["a", "b"], 20, 1, ["frozen", "full", "scratch"]) with
        {
            Warnings = ["mind"],
            Metrics = [new() { Name = "F1", IsShare = false, LowerIsBetter = true }],
        };
        results = results with
        {
            Strategies =
                [.. results.Strategies.Select(row =>
                    row with { Model = "m", Context = "rag", Runs = [row.Runs[0] with { Scores = new Dictionary<string, double[]> { ["F1"] = [0.25, 1] } }] })],
        };
        ResultsFile.Write(results, File);
        JsonNode node = JsonNode.Parse(System.IO.File.ReadAllText(File))!;

        Assert.Equal(2, node["formatVersion"]!.GetValue<int>());
        Assert.Equal(["transfer", "transfer", "control"], node["strategies"]!.AsArray().Select(row => row!["role"]!.GetValue<string>()));
        Assert.Equal("frozen", node["strategies"]![0]!["end"]!.GetValue<string>());
        ComparisonResults read = ResultsFile.Read(File);
        Assert.Equal(results.Metrics, read.Metrics);
        Assert.Equal(results.Warnings, read.Warnings);
        Assert.Equal([0.25, 1], read.Strategies[2].Runs[0].Scores["F1"]);
        Assert.Equal(("m", "rag", StrategyRole.Control, "scratch"),
            (read.Strategies[2].Model, read.Strategies[2].Context, read.Strategies[2].Role, read.Strategies[2].Strategy));
        Assert.True(read.Strategies[1].MovesPretrained);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void In_earlier_versions_a_name_says_what_a_row_is(int version)
    {
        WriteEarlier(version, ["frozen", "full", "scratch (large)", "frozen-random", "classical", "majority", "mine"]);

        ComparisonResults read = ResultsFile.Read(File);

        Assert.Equal(
            [StrategyRole.Transfer, StrategyRole.Transfer, StrategyRole.Control, StrategyRole.Control, StrategyRole.Baseline, StrategyRole.Baseline,
                StrategyRole.Transfer],
            read.Strategies.Select(row => row.Role));
        Assert.Equal([SpectrumEnd.Frozen, SpectrumEnd.FineTuned, null, null, null, null, null], read.Strategies.Select(row => row.End));
        Assert.Equal("accuracy", Assert.Single(read.Metrics).Name);
        Assert.Contains("scratch (large)", HtmlReport.Render(read), StringComparison.Ordinal);
        ResultsFile.Write(SideBySide.Join([("a", read), ("b", read)]), File);
        Assert.Equal(StrategyRole.Control, ResultsFile.Read(File).Strategies[2].Role);
    }

    [Theory]
    [InlineData("3", "of format 3, and this version of TransferLab reads formats 0 to 2")]
    [InlineData("-1", "of format -1")]
    [InlineData("\"new\"", "not a TransferLab results file")]
    public void A_newer_version_is_refused_by_one_sentence_whatever_else_is_new_in_it(string version, string expected)
    {
        System.IO.File.WriteAllText(File, $$"""{ "program": { "name": "other" }, "strategies": 7, "formatVersion": {{version}} }""");

        string message = Assert.Throws<DataException>(() => ResultsFile.Read(File)).Message;

        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    private void WriteEarlier(int version, string[] names)
    {
        ComparisonResults sample = SampleResults.Make(["a", "b"], 20, 1, names);
        ResultsFile.Write(sample, File);
        JsonNode node = JsonNode.Parse(System.IO.File.ReadAllText(File))!;
        foreach (string key in (string[])["metrics", "warnings", "formatVersion"])
        {
            node.AsObject().Remove(key);
        }

        if (version > 0)
        {
            node["formatVersion"] = version;
        }

        foreach (JsonObject row in node["strategies"]!.AsArray().Select(row => row!.AsObject()))
        {
            foreach (string key in (string[])["role", "end", "movesPretrained", "strategy", "estimates"])
            {
                row.Remove(key);
            }
        }

        System.IO.File.WriteAllText(File, node.ToJsonString());
    }
}
