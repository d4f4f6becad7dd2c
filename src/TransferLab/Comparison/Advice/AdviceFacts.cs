using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using TransferLab.Data;
using TransferLab.Runtime;

namespace TransferLab.Comparison.Advice;

/// <summary>The measured comparisons that advice is drawn from.</summary>
public static partial class AdviceFacts
{
    private const string Resource = "advice-facts.json";
    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        IgnoreReadOnlyProperties = true,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Those that come with the library.</summary>
    public static IReadOnlyList<AdviceFact> Embedded()
    {
        using Stream stream = typeof(AdviceFacts).Assembly.GetManifestResourceStream(Resource)!;
        return JsonSerializer.Deserialize<AdviceFact[]>(stream, s_options)!;
    }

    /// <summary>Reads facts that <see cref="Write"/> wrote.</summary>
    /// <exception cref="DataException">The file is not there or holds something else.</exception>
    public static IReadOnlyList<AdviceFact> Read(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return JsonSerializer.Deserialize<AdviceFact[]>(stream, s_options) ?? [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new DataException($"{path}: no measured facts ({e.Message}); write them anew, from finished comparisons.", e);
        }
    }

    /// <summary>Writes facts whole or not at all.</summary>
    public static void Write(IReadOnlyList<AdviceFact> facts, string path) =>
        WholeFile.Write(path, stream => JsonSerializer.Serialize(stream, facts, s_options));

    /// <summary>Makes a fact of a finished comparison.</summary>
    /// <param name="results">The comparison; <c>frozen</c> must be in it.</param>
    /// <param name="scores">What could be known of its data beforehand.</param>
    /// <exception cref="DataException">The comparison lacks <c>frozen</c>.</exception>
    public static AdviceFact Of(ComparisonResults results, TransferScores scores)
    {
        StrategyResult frozen = results.Strategies.FirstOrDefault(s => s.End == SpectrumEnd.Frozen)
            ?? throw new DataException($"{results.Data.Name}: the comparison lacks 'frozen', against which advice predicts the gain of the others.");
        int[] labels = [.. results.Test.Select(example => example.Label)];
        double[][] reference = [.. frozen.Runs.Select(run => TaskScores.Of(run, results.Metrics[0], labels))];
        return new()
        {
            Data = results.Data.Name,
            Command = Folders().Replace(results.Command, ""),
            Scores = scores,
            Seeds = frozen.Runs.Count,
            Tests = results.Test.Count,
            SecondsPerExample = frozen.Runs.Average(run => run.Time.Reading + run.Time.Features) / results.Data.TrainExamples,
            Outcomes = [.. results.Strategies.Where(s => s.Runs.Count == frozen.Runs.Count && s.Model == frozen.Model).Select(s => new AdviceOutcome(
                s.Strategy
                    ?? s.Name, s.Accuracy.Value, Intervals.Difference(reference, [.. s.Runs.Select(run => TaskScores.Of(run, results.Metrics[0], labels))]),
                s.Runs.Average(run => run.Time.Total - run.Time.Tuning),
                    (int)Math.Round(s.Runs.Average(run => run.Epochs))) { Role = s.Role, MovesPretrained = s.MovesPretrained })],
        };
    }

    // Where its maker keeps things is no part of a fact.
    [GeneratedRegex("""\x20--(out|data-root)\x20("[^"]*"|\S+)""")]
    private static partial Regex Folders();
}
