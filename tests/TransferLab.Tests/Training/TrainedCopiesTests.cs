using System.Runtime.InteropServices;
using TorchSharp;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Runtime;
using TransferLab.Strategies;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Tests.Training;

/// <summary>Copies of weights in the type that the network computes in change how fast a step is, and nothing else.</summary>
[Collection(TorchCollection.Name)]
public sealed class TrainedCopiesTests
{
    private const int Steps = 3;

    public TrainedCopiesTests() => LibTorch.Load();

    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    public void Steps_move_the_weights_as_without_them_bit_for_bit(bool texts, int accumulation)
    {
        (Dictionary<string, byte[]> with, int used) = Train(texts, accumulation, clip: null, copies: true);
        (Dictionary<string, byte[]> without, int none) = Train(texts, accumulation, clip: null, copies: false);

        Assert.True(used > 0 && none == 0, $"{used} copies were computed with, and {none} where there are to be none.");
        Assert.Equal(without, with);
    }

    [Fact]
    public void A_gradient_that_is_clipped_has_the_same_length()
    {
        float[] with = Floats(Train(texts: true, accumulation: 2, clip: 0.01, copies: true).Weights),
            without = Floats(Train(texts: true, accumulation: 2, clip: 0.01, copies: false).Weights),
            unclipped = Floats(Train(texts: true, accumulation: 2, clip: null, copies: false).Weights);

        Assert.True(without.Zip(unclipped).Max(pair => Math.Abs(pair.First - pair.Second)) > 1e-6, "Nothing was clipped.");
        Assert.All(with.Zip(without), pair => Assert.Equal(pair.Second, pair.First, 1e-7f + (1e-4f * Math.Abs(pair.Second))));
    }

    [Fact]
    public void Bfloat16_is_what_libtorch_makes_of_float32()
    {
        using DisposeScope scope = NewDisposeScope();
        float[] values = [.. Enumerable.Range(0, 5000).Select(i => BitConverter.Int32BitsToSingle((i * 858_993) ^ (i << 20))), 0, -0f, float.PositiveInfinity,
            float.NegativeInfinity, float.NaN, float.MaxValue, float.Epsilon, 1.00390625f, 1.01171875f];
        ushort[] narrow = new ushort[values.Length];
        BFloat16s.Narrow(values, narrow);
        float[] wide = new float[values.Length];
        BFloat16s.Widen(narrow, wide);
        Tensor theirs = tensor(values).to(ScalarType.BFloat16);

        Assert.Equal(theirs.to(ScalarType.Float32).data<float>().ToArray(), wide);
        Tensor finite = randn(3001).to(ScalarType.BFloat16);
        Assert.Equal(finite.to(ScalarType.Float64).norm().item<double>(), BFloat16s.Norm(finite), 1e-4);
    }

    private static (Dictionary<string, byte[]> Weights, int Copies) Train(bool texts, int accumulation, double? clip, bool copies)
    {
        Backbone backbone = texts ? SmallText.Create() : SmallBackbone.Create();
        using TransferNetwork network = new(backbone.CreatePretrained(), classes: 3, seed: 1);
        Phase phase = Trainer.WithRates(TransferStrategy.Full().Phases[0] with { Accumulation = accumulation, ClipNorm = clip }, Start.Pretrained,
            backbone.Recipe, network.Backbone.Groups.Count);
        FreezePlan plan = FreezePlan.Apply(network, phase);
        using Generator random = new(1);
        network.Random = random;
        using OptimizerGroups optimizer = new(network, plan, phase, copies ? ScalarType.BFloat16 : ScalarType.Float32);
        GradientStep step = new(new ObjectiveContext(network, new ClassificationTask(["a", "b", "c"]), FrozenPrefix: 0), phase, optimizer);
        IReadOnlyList<Example> examples = SmallText.Task().Train;
        for (int i = 0; i < Steps * accumulation; i++)
        {
            using DisposeScope scope = NewDisposeScope();
            Batch x = texts
                ? backbone.Encoder.Normalize(backbone.Encoder.Encode([.. examples.Skip(4 * (i % 3)).Take(4)], null, default), CPU, ScalarType.BFloat16)
                : Batch.FromTensor(arange(4 * 3 * 32 * 32, ScalarType.Float32).sin().view(4, 32, 32, 3).to(ScalarType.BFloat16).permute(0, 3, 1, 2));
            if (step.Add(x with { Targets = tensor(new long[] { 0, 1, 2, 1 }) }))
            {
                step.Update(1);
            }
        }

        using DisposeScope looking = NewDisposeScope();
        int used = network.Parameters.Count(parameter => ReferenceEquals(
            TrainedCopies.In(parameter, ScalarType.BFloat16), TrainedCopies.In(parameter, ScalarType.BFloat16)));
        return (SmallBackbone.Bits(network.State()), used);
    }

    private static float[] Floats(Dictionary<string, byte[]> weights) =>
        [.. weights.OrderBy(pair => pair.Key, StringComparer.Ordinal).Where(pair => pair.Key.EndsWith("weight", StringComparison.Ordinal))
            .SelectMany(pair => MemoryMarshal.Cast<byte, float>(pair.Value).ToArray())];
}
