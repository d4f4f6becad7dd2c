using System.Text.Json;
using TorchSharp;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Strategies;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Architectures.Tests;

/// <summary>The trainer beside PyTorch on a small Llama: six steps in full, clipped, accumulated over rows of different lengths, and by low-rank
/// adapters.</summary>
public sealed class LlamaTrainingTests : IDisposable
{
    private readonly GoldenNetwork _network = new GoldenNetwork("llama").Write();

    [Theory]
    [InlineData("llama-full", 1, false, false)]
    [InlineData("llama-full", 1, true, false)]
    [InlineData("llama-full-accumulated", 3, true, false)]
    [InlineData("llama-full-clipped", 1, false, true)]
    public void Everything_trains_as_in_PyTorch(string file, int accumulation, bool recomputed, bool clipped)
    {
        JsonElement golden = Golden(file);
        Phase phase = Steps(1e-2, accumulation) with
        {
            Recompute = recomputed,
            KeptBytes = 0,
            ClipNorm = clipped ? 1 : null,
            WeightDecay = 0.01,
            Decays = DecayedParameters.All,
        };

        using TrainingOutcome outcome = Train(phase, null);

        AssertClose(golden.GetProperty("losses"), outcome.Curve.Select(point => point.TrainLoss!.Value));
    }

    [Theory]
    [InlineData(false, 256)]
    [InlineData(true, 256)]
    [InlineData(false, 3)] // With the logits of so many tokens at a time.
    [InlineData(true, 3)]
    public void Adapters_train_as_in_PEFT(bool recomputed, int chunk)
    {
        JsonElement golden = Golden("llama-lora");
        Phase phase = Steps(2e-2, 1) with
        {
            Objective = new NextToken { Chunk = chunk },
            WeightDecay = 0,
            Recompute = recomputed,
            KeptBytes = 0,
            Lora = new() { Rank = 4, Alpha = 8, Merge = AdapterMerge.Keep },
        };

        using TrainingOutcome outcome = Train(phase, network =>
        {
            using IDisposable noGradient = no_grad();
            foreach ((string layer, LowRankLayer update) in network.Adapters!.Updates)
            {
                using Tensor filled = GoldenNetwork.Fill(layer + ".lora_A.weight", update.Down.shape);
                update.Down.copy_(filled);
            }
        });

        Assert.Equal(golden.GetProperty("adapters").GetProperty("trainable").GetInt64(), outcome.Plan.TrainableParameters);
        AssertClose(golden.GetProperty("losses"), outcome.Curve.Select(point => point.TrainLoss!.Value));
        LowRankLayer query = outcome.Network.Adapters!.Updates.Single(pair => pair.Key == golden.GetProperty("adapter after").GetProperty("module")
            .GetString()).Value;
        AssertClose(golden.GetProperty("adapter after").GetProperty("B").GetProperty("first"), First(query.Up));
        using Tensor merged = query.Merged();
        AssertClose(golden.GetProperty("merged weight after").GetProperty("first"), First(merged));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5_000_000)]
    [InlineData(1 << 30)]
    public void A_batch_of_many_tokens_passes_in_parts_and_trains_as_the_whole(long keptBytes)
    {
        Random random = new(1);
        Example[] rows = [.. Enumerable.Range(0, 40).Select(i =>
        {
            long[] ids = [.. Enumerable.Range(0, i == 7 ? 60 : 48 + random.Next(12)).Select(_ => random.NextInt64(3, 40))];
            return new Example($"{i}", "", new CompletionTarget(ids, [.. ids.Select((_, token) => token > i)])); // Some rows train many tokens, others few.
        })];
        double[] Losses(bool recomputed)
        {
            Phase phase = Steps(1e-2, 1) with { BatchSize = 40, Epochs = 3, Recompute = recomputed, KeptBytes = keptBytes };
            using TrainingOutcome outcome = Train(phase, null, rows);
            return [.. outcome.Curve.Select(point => point.TrainLoss!.Value)];
        }

        Assert.All(Losses(recomputed: false).Zip(Losses(recomputed: true)), pair => Assert.Equal(pair.First, pair.Second, 1e-4 * pair.First));
    }

    public void Dispose() => _network.Dispose();

    private static JsonElement Golden(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", "training", file + ".json")));
        return document.RootElement.Clone();
    }

    private static Phase Steps(double rate, int accumulation) => new()
    {
        Trains = LayerSelector.Everything,
        Objective = Objective.NextToken,
        LearningRate = rate,
        FirstGroupRate = 1,
        Schedule = Schedule.Constant,
        WarmUp = 0,
        Epochs = 6,
        Order = RowOrder.AsGiven,
        BatchSize = 3 / accumulation,
        Accumulation = accumulation,
    };

    private TrainingOutcome Train(Phase phase, Action<TransferNetwork>? prepareAdapters, Example[]? rows = null)
    {
        Models.LanguageModelFiles files = LlamaGoldenTests.Files(_network.Folder);
        TrainingOptions options = new() { HeldOut = [], Prepare = files.FillHead, PrepareAdapters = prepareAdapters };
        Trainer trainer = new(files.Backbone, ComputeDevice.Choose("cpu", "float32"), new FeatureCache(), options);
        return trainer.Fit(new TransferStrategy { Name = "golden", Description = "", Phases = [phase] }, rows ?? Rows(), files.Task, seed: 1);
    }

    private static Example[] Rows()
    {
        JsonElement input = Golden("llama-full").GetProperty("input");
        long[][] ids = Matrix(input.GetProperty("ids")), mask = Matrix(input.GetProperty("mask"));
        long[][] labels = Matrix(input.EnumerateObject().Single(property => property.Name.StartsWith("labels", StringComparison.Ordinal)).Value);
        return [.. ids.Select((row, i) =>
        {
            int length = (int)mask[i].Sum();
            return new Example($"{i}", "", new CompletionTarget(row[..length], [.. labels[i][..length].Select(label => label >= 0)]));
        })];
    }

    private static long[][] Matrix(JsonElement rows) =>
        [.. rows.EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.GetInt64()).ToArray())];

    private static double[] First(Tensor tensor) => [.. tensor.detach().flatten()[..8].to(ScalarType.Float64).data<double>()];

    private static void AssertClose(JsonElement expected, IEnumerable<double> actual)
    {
        double[] values = [.. expected.EnumerateArray().Select(value => value.GetDouble())], found = [.. actual];
        Assert.Equal(values.Length, found.Length);
        foreach ((double value, double other) in values.Zip(found))
        {
            Assert.True(Math.Abs(value - other) <= 1e-4 * Math.Max(Math.Abs(value), 0.05), $"{other}, expected {value}");
        }
    }
}
