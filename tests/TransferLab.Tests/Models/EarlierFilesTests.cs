using System.Text.Json;
using TransferLab.Comparison;
using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Reporting;
using TransferLab.Strategies;
using TransferLab.Tests.Training;

namespace TransferLab.Tests.Models;

/// <summary>
/// Files that an earlier version wrote open, and say what they said then. A folder of <c>Earlier</c> is what one version wrote, and stays as it is; a new one
/// is written by running this class with <c>TRANSFERLAB_WRITE_EARLIER=NAME</c>.
/// </summary>
[Collection(TorchCollection.Name)]
public sealed class EarlierFilesTests
{
    private const string Write = "TRANSFERLAB_WRITE_EARLIER";
    private const string Network = "frozen.safetensors", Pipeline = "classical.zip", Results = "results.json", Said = "said.json";

    /// <summary>Processors add up in different orders.</summary>
    private const float Tolerance = 1e-4f;
    private static readonly string s_folder = Path.Combine(RepositoryRoot.Path, "tests", "TransferLab.Tests", "Models", "Earlier");

    public static TheoryData<string, string> Models()
    {
        TheoryData<string, string> models = [];
        foreach (string version in Directory.GetDirectories(s_folder).Select(folder => Path.GetFileName(folder)!))
        {
            models.Add(version, Network);
            models.Add(version, Pipeline);
        }

        return models;
    }

    public static TheoryData<string> Versions() => [.. Directory.GetDirectories(s_folder).Select(folder => Path.GetFileName(folder)!)];

    [Theory]
    [MemberData(nameof(Models))]
    public void A_model_predicts_as_it_did_then(string version, string name)
    {
        Saying said = Read(version);
        using TrainedModel model = ModelFile.Load(Path.Combine(s_folder, version, name));
        Assert.Equal(said.Classes, model.Classes);
        IReadOnlyList<float[]> found = model.Predict([.. said.Texts.Select(text => new Example(text, text, 0))]).Probabilities;
        Assert.Equal(said.Probabilities[name].Count, found.Count);
        Assert.All(said.Probabilities[name].SelectMany(row => row).Zip(found.SelectMany(row => row)), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Results_say_what_they_said_then(string version)
    {
        ComparisonResults results = ResultsFile.Read(Path.Combine(s_folder, version, Results));
        Assert.Equal(Read(version).Rows, Rows(results));
        Assert.All(results.Verdicts, sentence => Assert.Contains(sentence.Split('\'')[0], HtmlReport.Render(results), StringComparison.Ordinal));
    }

    [SkippableFact]
    public void A_new_version_s_files_are_written()
    {
        string? version = Environment.GetEnvironmentVariable(Write);
        Skip.If(string.IsNullOrEmpty(version), $"{Write}=NAME is not set");
        string folder = Directory.CreateDirectory(Path.Combine(s_folder, version)).FullName;
        LabeledData task = SmallText.Task();
        Strategy[] strategies = [TransferStrategy.Frozen(), StrategyCatalog.Find("classical")];
        Dictionary<string, IReadOnlyList<float[]>> probabilities = [];
        foreach ((Strategy strategy, string name) in strategies.Zip([Network, Pipeline]))
        {
            using FitResult fitted = new Learner(SmallText.Create(), SmallBackbone.Compute, new()).Fit(strategy, task.Train, task.Classes, seed: 1);
            fitted.Model.Save(Path.Combine(folder, name));
            probabilities[name] = fitted.Model.Predict(task.Test).Probabilities;
        }

        ComparisonResults results = new Comparer(task, SmallText.Create(), SmallBackbone.Compute, new() { Strategies = strategies, Seeds = 2 }).Run();
        ResultsFile.Write(results, Path.Combine(folder, Results));
        Saying said = new([.. task.Classes], [.. task.Test.Select(example => example.Source)], probabilities, Rows(results));
        File.WriteAllText(Path.Combine(folder, Said), JsonSerializer.Serialize(said) + "\n");
    }

    private static string[] Rows(ComparisonResults results) => [.. results.Strategies.Select(row =>
        FormattableString.Invariant($"{row.Name} {row.Role} {row.Accuracy.Value:0.0000} {string.Join(',', row.Runs.SelectMany(run => run.Predicted))}"))];

    private static Saying Read(string version) => JsonSerializer.Deserialize<Saying>(File.ReadAllText(Path.Combine(s_folder, version, Said)))!;

    /// <summary>What the files of a version said when they were written.</summary>
    private sealed record Saying(string[] Classes, string[] Texts, Dictionary<string, IReadOnlyList<float[]>> Probabilities, string[] Rows);
}
