using System.Text.Json;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Networks.Architectures;
using TransferLab.Runtime;
using TransferLab.Strategies;
using TransferLab.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Tests.Training;

/// <summary>The trainer beside PyTorch: six steps on the same weights and examples, to a relative 1e-4.</summary>
[Collection(TorchCollection.Name)]
public sealed class GoldenTrainingTests
{
    private static readonly int[] s_labels = [0, 2, 1];

    public GoldenTrainingTests() => LibTorch.Load();

    [Theory]
    [InlineData("batchnorm-frozen-statistics", Normalization.Fixed)]
    [InlineData("batchnorm-training", Normalization.Batch)]
    public void Convolutions_and_BatchNorm_train_as_in_PyTorch(string file, Normalization normalization)
    {
        JsonElement golden = Golden(file);
        float[] pixels =
            [.. from b in Range(3) from c in Range(3) from i in Range(16) from j in Range(16) select ((((11 * b) + (37 * c) + (3 * i) + (5 * j)) % 256) - 127)
                / 128f];
        Backbone backbone = Named(() => new ConvolutionNet().ToBackbone(), new GoldenEncoder(tensor(pixels, [3, 3, 16, 16])));
        Phase phase = Steps() with
        {
            Solver = Solver.Sgd,
            LearningRate = 0.1,
            HeadLearningRate = 0.1,
            Momentum = 0.9,
            WeightDecay = 1e-4,
            Decays = DecayedParameters.All,
            Normalization = normalization,
        };

        using TrainingOutcome outcome = Train(backbone, phase, HeadShape.Linear, name => name.Replace("head.", "fc.", StringComparison.Ordinal));

        AssertClose(golden.GetProperty("losses"), outcome.Curve.Select(point => point.TrainLoss!.Value));
        Dictionary<string, Tensor> state = outcome.Network.State();
        AssertClose(golden.GetProperty("running mean of bn1 after").GetProperty("first"), Floats(state["bn1.running_mean"]));
        AssertClose(golden.GetProperty("running variance of bn1 after").GetProperty("first"), Floats(state["bn1.running_var"]));
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    [InlineData(false, 3)]
    [InlineData(true, 3)]
    public void A_BERT_classifier_trains_as_in_PyTorch_whether_recomputed_or_accumulated(bool recomputed, int accumulation)
    {
        JsonElement golden = Golden("bert-classifier");
        long[] ids = [.. golden.GetProperty("input").GetProperty("ids").EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(id => id.GetInt64())];
        float[] mask = [.. golden.GetProperty("input").GetProperty("mask").EnumerateArray().SelectMany(row => row.EnumerateArray())
            .Select(one => one.GetSingle())];
        BertShape shape = new() { Layers = 2, Width = 32, Heads = 4, Intermediate = 64, Vocabulary = 100, Positions = 40, Dropout = 0 };
        Backbone backbone = Named(() => BertArchitecture.Build(shape, Pooling.First), new GoldenEncoder(tensor(ids, [3, 12]), tensor(mask, [3, 12])));
        Phase phase = Steps() with
        {
            LearningRate = 1e-3,
            HeadLearningRate = 1e-3,
            WeightDecay = 0.1,
            LabelSmoothing = 0.1,
            Recompute = recomputed,
            KeptBytes = 0,
            Accumulation = accumulation,
            BatchSize = 3 / accumulation,
        };

        HeadShape pooler = new() { HiddenUnits = 32, Activation = HeadActivation.Tanh, Dropout = 0 };
        using TrainingOutcome outcome = Train(backbone, phase, pooler, name =>
            name.StartsWith("head.hidden.", StringComparison.Ordinal) ? "bert.pooler.dense." + name["head.hidden.".Length..]
            : name.StartsWith("head.", StringComparison.Ordinal) ? "classifier." + name["head.".Length..]
            : "bert." + name);

        AssertClose(golden.GetProperty("losses"), outcome.Curve.Select(point => point.TrainLoss!.Value));
    }

    private static Phase Steps() => new()
    {
        Trains = LayerSelector.Everything,
        Epochs = 6,
        FirstGroupRate = 1,
        Schedule = Schedule.Constant,
        Order = RowOrder.AsGiven,
    };

    private static TrainingOutcome Train(Backbone backbone, Phase phase, HeadShape head, Func<string, string> nameOf)
    {
        TransferStrategy strategy = new() { Name = "golden", Description = "as PyTorch", Phases = [phase], Head = head };
        Example[] train = [.. s_labels.Select((label, i) => new Example($"{i}", $"{i}", label))];
        Trainer trainer = new(backbone, SmallBackbone.Compute, new(), new() { Prepare = network => GoldenWeights.Fill(network.State(), nameOf) });
        return trainer.Fit(strategy, train, 3, seed: 1);
    }

    private static Backbone Named(Func<BackboneNetwork> build, InputEncoder encoder) =>
        new() { Card = new() { Name = "golden" }, Build = build, LoadWeights = _ => { }, Encoder = encoder };

    private static IEnumerable<int> Range(int count) => Enumerable.Range(0, count);

    private static JsonElement Golden(string name) => JsonDocument.Parse(
        File.ReadAllText(Path.Combine(RepositoryRoot.Path, "tests", "TransferLab.Tests", "Golden", "Training", name + ".json"))).RootElement;

    private static double[] Floats(Tensor values) => [.. values.data<float>().ToArray().Select(value => (double)value)];

    private static void AssertClose(JsonElement expected, IEnumerable<double> found)
    {
        double[] values = [.. expected.EnumerateArray().Select(value => value.GetDouble())], all = [.. found];
        Assert.Equal(values.Length, all.Length);
        double scale = Math.Sqrt(values.Average(value => value * value));
        Assert.All(values.Zip(all), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 1e-4 * scale));
    }

    /// <summary>conv1, bn1, ReLU, conv2, bn2, the sum with its input, ReLU.</summary>
    private sealed class ConvolutionNet : Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Conv2d conv1 = Conv2d(3, 8, 3, stride: 2, padding: 1, bias: false),
            conv2 = Conv2d(8, 8, 3, padding: 1, bias: false);
        private readonly TorchSharp.Modules.BatchNorm2d bn1 = BatchNorm2d(8), bn2 = BatchNorm2d(8);

        public ConvolutionNet() : base(nameof(ConvolutionNet)) => RegisterComponents();

        public BackboneNetwork ToBackbone() => new(this, [new("all", this)], featureWidth: 8);

        public override Tensor forward(Tensor x)
        {
            x = bn1.call(conv1.call(x)).relu();
            return bn2.call(conv2.call(x)).Plus(x).relu();
        }
    }
}
