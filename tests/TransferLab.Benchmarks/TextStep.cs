using System.Diagnostics;
using System.Globalization;
using TorchSharp;
using TransferLab.Backbones;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Runtime;
using TransferLab.Strategies;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Benchmarks;

/// <summary>An epoch of fine-tuning a sentence encoder: as the trainer does it, against float32 with every batch padded to 128 tokens.</summary>
internal static class TextStep
{
    private const int Batch = 32, Steps = 20, Padded = 128;

    public static void Run(string path)
    {
        LabeledData data = TextData.Read(path);
        Backbone backbone = MiniLM.English();
        Example[] order = [.. data.Train];
        new Random(1).Shuffle(order);
        Example[][] batches = [.. Batches.Shuffled(order, Batch, backbone.Encoder, new Random(2)).Take(Steps)];
        Example[][] plain = [.. order.Chunk(Batch).Take(Steps)];
        double ours = TokensPerSecond(backbone, batches, data, ComputeDevice.Choose().Type, padTo: 0, narrow: true);
        double single = TokensPerSecond(backbone, plain, data, ScalarType.Float32, Padded, narrow: false);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"as the trainer does it {ours:0} tokens/s, float32 padded to {Padded} {single:0} tokens/s (padding not counted): {ours / single:0.0} times"));
    }

    private static double TokensPerSecond(Backbone backbone, Example[][] batches, LabeledData data, ScalarType type, int padTo, bool narrow)
    {
        using TransferNetwork network = new(backbone.CreatePretrained(), data.Classes.Count, seed: 1);
        Phase phase = TransferStrategy.Full().Phases[0] with { LearningRate = 1e-4 };
        FreezePlan plan = FreezePlan.Apply(network, phase);
        using IDisposable narrowed = network.Backbone.CompactVocabulary(narrow ? backbone.Encoder.SymbolsIn(data.Train) : null);
        using OptimizerGroups optimizer = new(network, plan, phase, type);
        long tokens = 0, start = 0;
        for (int i = 0; i < batches.Length; i++)
        {
            if (i == 2)
            {
                (tokens, start) = (0, Stopwatch.GetTimestamp()); // The first steps warm up.
            }

            using DisposeScope scope = NewDisposeScope();
            Tensor ids = backbone.Encoder.Encode(batches[i], null, default);
            if (padTo > 0)
            {
                ids = nn.functional.pad(ids, [0, padTo - ids.shape[1]], value: 0);
            }

            optimizer.ZeroGradients();
            Tensor labels = tensor(batches[i].Select(example => (long)example.Label).ToArray());
            nn.functional.cross_entropy(network.Logits(backbone.Encoder.Normalize(ids, CPU, type), 0), labels).backward();
            optimizer.Step(1);
            tokens += ids.ne(0).sum().item<long>();
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{type}: {seconds / (batches.Length - 2) * 1000:0} ms a step, {Environment.WorkingSet >> 20} MB"));
        NativeMemory.Trim();
        return tokens / seconds;
    }
}
