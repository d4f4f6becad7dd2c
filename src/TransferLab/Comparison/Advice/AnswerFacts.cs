using System.Text.Json;
using System.Text.Json.Serialization;
using TransferLab.Data;
using TransferLab.Runtime;
using TransferLab.Strategies;

namespace TransferLab.Comparison.Advice;

/// <summary>Measured comparisons of ways of answering, by which advice is checked.</summary>
public static class AnswerFacts
{
    private const string Resource = "answer-facts.json";

    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Those that come with the library.</summary>
    public static IReadOnlyList<AnswerFact> Embedded()
    {
        using Stream stream = typeof(AnswerFacts).Assembly.GetManifestResourceStream(Resource)!;
        return JsonSerializer.Deserialize<AnswerFact[]>(stream, s_options)!;
    }

    /// <summary>Reads facts that <see cref="Write"/> wrote.</summary>
    /// <exception cref="DataException">The file is not there or holds something else: one line.</exception>
    public static IReadOnlyList<AnswerFact> Read(string path)
    {
        try
        {
            AnswerFact[] facts = JsonSerializer.Deserialize<AnswerFact[]>(File.ReadAllBytes(path), s_options) ?? [];
            if (facts.Any(fact => fact is not { Data: not null, Evidence: not null, Clusters.Count: > 0, Scores.Count: > 0 }
                || fact.Scores.Values.Any(scores => scores is null)))
            {
                throw new DataException($"{path}: a comparison in it has no name, evidence, clusters or scores; measure it anew.");
            }

            AnswerFact? uneven = facts.FirstOrDefault(fact => fact.Scores.Values.Any(scores => scores.Count != fact.Clusters.Count));
            return uneven is null ? facts
                : throw new DataException($"{path}: {Naming.Quote(uneven.Data)} lacks scores of some of its questions; measure it anew.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new DataException($"{path}: no measured comparisons of answers ({e.Message.ReplaceLineEndings(" ")}); measure them anew.", e);
        }
    }

    /// <summary>Writes facts whole or not at all, a line each.</summary>
    public static void Write(IReadOnlyList<AnswerFact> facts, string path)
    {
        ArgumentNullException.ThrowIfNull(facts);
        string text = $"[\n{string.Join(",\n", facts.Select(fact => JsonSerializer.Serialize(fact, s_options)))}\n]\n";
        WholeFile.Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>Makes a fact of a finished comparison.</summary>
    /// <param name="name">What the set is called.</param>
    /// <param name="data">The questions.</param>
    /// <param name="results">The comparison of ways on them.</param>
    /// <param name="evidence">What could be seen beforehand.</param>
    public static AnswerFact Of(string name, QuestionSet data, ComparisonResults results, AnswerEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(results);
        string metric = results.Metrics[0].Name;
        return new()
        {
            Data = name,
            Command = results.Command,
            Evidence = evidence,
            Metric = metric,
            Clusters = data.Clusters,
            Scores = results.Strategies.Where(row => row.Role == StrategyRole.Transfer).ToDictionary(row => row.Name, row => (IReadOnlyList<double>)
                [.. Enumerable.Range(0, data.Test.Count).Select(i => Math.Round(row.Runs.Average(run => run.Scores[metric][i]), 4))]),
        };
    }
}
