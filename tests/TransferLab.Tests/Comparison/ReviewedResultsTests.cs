using System.Text.Json;
using TransferLab.Backbones;
using TransferLab.Comparison;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Strategies;
using TransferLab.Tests.Training;
using TransferLab.Training;

namespace TransferLab.Tests.Comparison;

/// <summary>
/// Every strategy, on a few of the embedded images and texts and for a few steps: a change that is to change no result changes none. Where one is meant to, its
/// figures are reviewed text, as the public API is.
/// </summary>
[Collection(TorchCollection.Name)]
public sealed class ReviewedResultsTests
{
    private const string Accept = "TRANSFERLAB_ACCEPT_GUARD", Slow = "TRANSFERLAB_SLOW";

    /// <summary>Processors add up in different orders, and training enlarges it: between one with AVX-512 and one without, up to 0.012 (gradual); most stay
    /// within 1e-4.</summary>
    private const double LogLossTolerance = 0.02;

    /// <summary>Of one strategy: with log losses that close a label flips only where two classes are as good as equal.</summary>
    private const int MostFlippedLabels = 1;
    private const int Classes = 3, TrainPerClass = 6, TestPerClass = 4;

    /// <summary>Of a phase whose steps do not follow its epochs.</summary>
    private const int FewSteps = 3;

    /// <summary>One epoch instead of 25, of two batches; the second is not full.</summary>
    private const double ShareOfEpochs = 0.04;
    private static readonly string s_file = Path.Combine(RepositoryRoot.Path, "tests", "TransferLab.Tests", "Comparison", "reviewed-results.json");
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    [Fact]
    public void Every_strategy_finds_on_images_what_was_reviewed() => Check(
        "images", ImageFolder.Read(Embedded("surface-defects")).Data, ResNet18.ImageNetAt(32), StrategyCatalog.All);

    /// <summary>Takes minutes: a command of its own.</summary>
    [SkippableFact]
    public void Every_strategy_finds_on_texts_what_was_reviewed()
    {
        Skip.IfNot(Environment.GetEnvironmentVariable(Slow) == "1" || Environment.GetEnvironmentVariable(Accept) == "1", $"{Slow}=1 is not set");
        Check("texts", TextData.Read(Embedded("support-tickets")), MiniLM.English(maxTokens: 12), StrategyCatalog.All);
    }

    private static void Check(string kind, LabeledData data, Backbone backbone, IReadOnlyList<Strategy> strategies)
    {
        ComparisonOptions options = new() { Strategies = [.. strategies.Select(Shortened)], Inspects = false };
        ComparisonResults results = new Comparer(Few(data), backbone, ComputeDevice.Choose("cpu", "float32"), options).Run();
        Dictionary<string, Figures> found = results.Strategies.ToDictionary(strategy => strategy.Name, strategy => Figures.Of(strategy.Runs.Single()));
        Dictionary<string, Dictionary<string, Figures>> reviewed = Reviewed();
        if (Environment.GetEnvironmentVariable(Accept) == "1")
        {
            reviewed[kind] = found;
            File.WriteAllText(s_file, JsonSerializer.Serialize(reviewed, s_json) + "\n");
        }

        Dictionary<string, Figures> expected = reviewed.GetValueOrDefault(kind) ?? [];
        string[] differences =
        [
            .. expected.Keys.Union(found.Keys)
                .Select(name => (Name: name, Was: expected.GetValueOrDefault(name), Is: found.GetValueOrDefault(name)))
                .Where(item => item.Was is null || item.Is is null || !item.Was.IsNear(item.Is))
                .Select(item => $"{item.Name}: {item.Was?.ToString() ?? "nothing"}, now {item.Is?.ToString() ?? "nothing"}"),
        ];
        Assert.True(differences.Length == 0,
            $"Results on {kind} changed. Where they are meant to, run this test with {Accept}=1 and commit {s_file}.\n{string.Join('\n', differences)}");
    }

    private static Dictionary<string, Dictionary<string, Figures>> Reviewed() =>
        File.Exists(s_file) ? JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, Figures>>>(File.ReadAllText(s_file), s_json)! : [];

    private static Strategy Shortened(Strategy strategy) => strategy is not TransferStrategy transfer ? strategy
        : transfer with
        {
            Phases =
                [.. transfer.Phases.Select(phase =>
                    phase with { EpochShare = phase.EpochShare * ShareOfEpochs, Steps = phase.Steps is null ? null : FewSteps })],
        };

    private static LabeledData Few(LabeledData data) => data with
    {
        Classes = [.. data.Classes.Take(Classes)],
        Train = Few(data.Train, TrainPerClass),
        Test = Few(data.Test, TestPerClass),
    };

    private static IReadOnlyList<Example> Few(IReadOnlyList<Example> examples, int perClass) =>
        [.. Enumerable.Range(0, Classes).SelectMany(label => examples.Where(example => example.Label == label).Take(perClass))];

    private static string Embedded(string name) => Path.Combine(AppContext.BaseDirectory, "datasets", name);

    /// <summary>What one strategy found.</summary>
    /// <param name="Labels">Its label of every test example, a digit each.</param>
    /// <param name="LogLoss">Over the test, nats.</param>
    private sealed record Figures(string Labels, double LogLoss)
    {
        public static Figures Of(RunResult run) => new(string.Concat(run.Predicted), Math.Round(run.LogLoss, 6));

        public bool IsNear(Figures other) => Math.Abs(LogLoss - other.LogLoss) <= LogLossTolerance
            && Labels.Length == other.Labels.Length && Labels.Zip(other.Labels).Count(pair => pair.First != pair.Second) <= MostFlippedLabels;

        public override string ToString() => FormattableString.Invariant($"labels {Labels}, log loss {LogLoss:0.000000}");
    }
}
