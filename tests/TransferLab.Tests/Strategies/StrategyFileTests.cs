using TransferLab.Networks;
using TransferLab.Strategies;
using TransferLab.Tests.Reporting;

namespace TransferLab.Tests.Strategies;

public sealed class StrategyFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Phases_are_read_as_written()
    {
        TransferStrategy strategy = Read("""
            { "name": "my-own", "start": "random", // a comment
              "phases": [ { "trains": "head", "solver": "lbfgs" },
                          { "trains": "last-2", "learningRate": 5e-4, "epochs": 3, "normalization": "batch", "augment": true } ] }
            """);

        Assert.Equal(("my-own", Start.Random, 2), (strategy.Name, strategy.Start, strategy.Phases.Count));
        Assert.Equal(new Phase { Trains = LayerSelector.Head, Solver = Solver.Lbfgs }, strategy.Phases[0]);
        Assert.Equal(new Phase { Trains = LayerSelector.Last(2), LearningRate = 5e-4, Epochs = 3, Normalization = Normalization.Batch, Augment = true },
            strategy.Phases[1]);
    }

    [Fact]
    public void Every_strategy_of_the_catalogue_can_be_told_from_the_others_by_its_members() =>
        Assert.Equal(StrategyCatalog.All.Count, StrategyCatalog.All.Select(StrategyFile.Describe).Distinct().Count());

    [Fact]
    public void An_objective_of_one_s_own_is_described_with_its_settings()
    {
        static string Describe(Objective objective) => StrategyFile.Describe(
            TransferStrategy.Full() with { Phases = [new() { Trains = LayerSelector.Everything, Objective = objective }] });
        Assert.Equal(Describe(new Margin(0.1) { Weights = [1, 2] }), Describe(new Margin(0.1) { Weights = [1, 2] }));
        Assert.NotEqual(Describe(new Margin(0.1)), Describe(new Margin(0.2)));
        Assert.NotEqual(Describe(new Margin(0.1) { Weights = [1, 2] }), Describe(new Margin(0.1) { Weights = [1, 3] }));
        Assert.NotEqual(Describe(Objective.CosineContrast), Describe(Objective.SupervisedContrast));
    }

    [Fact]
    public void Adapters_are_part_of_a_phase()
    {
        Lora lora =
            Read("""{ "name": "thin", "phases": [ { "trains": "last-2", "lora": { "rank": 4, "alpha": 8, "layers": ["query"] } } ] }""").Phases[0].Lora!;
        Assert.Equal((4, 8.0, "query"), (lora.Rank, lora.Alpha, Assert.Single(lora.Layers!)));
    }

    [Fact]
    public void A_file_may_say_what_its_strategy_is_in_a_comparison()
    {
        Assert.Equal(StrategyRole.Baseline, Read("""{ "name": "a", "role": "baseline", "phases": [ { "trains": "head" } ] }""").Role);
        Assert.Equal(StrategyRole.Transfer, Read("""{ "name": "a", "phases": [ { "trains": "head" } ] }""").Role);
    }

    [Theory]
    [InlineData("""{ "name": "a", "role": "winner", "phases": [ { "trains": "head" } ] }""", "role")]
    [InlineData("""{ "name": "a", "phases": [ { "trains": "head", "lora": { "rank": 0 } } ] }""", "rank")]
    [InlineData("""{ "name": "a", "phases": [] }""", "at least one phase")]
    [InlineData("""{ "name": "../a", "phases": [ { "trains": "head" } ] }""", "also names files")]
    [InlineData("""{ "name": "a", "phases": [ { "trains": "tail" } ] }""", "head, everything, biases")]
    [InlineData("""{ "name": "a", "phases": [ { "trains": "head", "learnignRate": 1 } ] }""", "learnignRate")]
    [InlineData("""{ "name": "a", "phases": [ { } ] }""", "trains")]
    [InlineData("""{ "name": "a", "phases": [ { "trains": "head", "solver": 1 } ] }""", "solver")]
    [InlineData("""{ "name": "a", "phases": [ { "trains": "head", "learningRate": -1 } ] }""", "learningRate")]
    [InlineData("""{ "name": "a", "phases": [ { "trains": "head", "epochs": 0 } ] }""", "epochs")]
    [InlineData("""{ "name": null, "phases": [ { "trains": "head" } ] }""", "also names files")]
    [InlineData("""{ "name": "a", "phases": null }""", "at least one phase")]
    [InlineData("""{ "name": "a", "phases": [ null ] }""", "is null")]
    [InlineData("""{ "name": "a", "phases": [ { "trains": null } ] }""", "selects no layers")]
    [InlineData("""{ "name": "a", "phases": [ { "trains": "head", "lora": { "layers": [ null ] } } ] }""", "is null")]
    [InlineData("null", "holds null")]
    [InlineData("nonsense", "not a strategy")]
    public void What_is_wrong_with_a_file_is_said(string json, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => Read(json)).Message, StringComparison.OrdinalIgnoreCase);

    private TransferStrategy Read(string json)
    {
        string path = Path.Combine(_folder.Path, "strategy.json");
        File.WriteAllText(path, json);
        return (TransferStrategy)StrategyCatalog.Find(path);
    }

    private sealed record Margin(double Width) : Objective
    {
        public IReadOnlyList<double> Weights { get; init; } = [];

        public override string Name => "margin";

        public override ObjectiveLoss Loss(ObjectiveContext context, Batch x) => throw new NotSupportedException();
    }
}
