using System.Diagnostics;
using System.Globalization;
using TorchSharp;
using TorchSharp.Modules;
using TransferLab.Networks;
using TransferLab.Networks.Architectures;
using TransferLab.Runtime;
using TransferLab.Strategies;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Benchmarks;

/// <summary>One step of fine-tuning at 96 px and batches of 32, in pairs within one run.</summary>
internal static class TrainingStep
{
    private const int Batch = 32, Size = 96, Steps = 10;

    public static void Run()
    {
        LibTorch.Load();
        double mixed = Seconds(ScalarType.BFloat16, fused: true), single = Seconds(ScalarType.Float32, fused: true),
            general = Seconds(ScalarType.BFloat16, fused: false);
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"bfloat16 {Batch / mixed:0} images/s, float32 {Batch / single:0}: {single / mixed:0.00} times"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"one-pass AdamW {Batch / mixed:0} images/s, TorchSharp's AdamW {Batch / general:0}: {general / mixed:0.00} times"));
    }

    private static double Seconds(ScalarType type, bool fused)
    {
        using TransferNetwork network = new(ResNetArchitecture.Build([2, 2, 2, 3]), classes: 10, seed: 1);
        Phase phase = TransferStrategy.Full().Phases[0];
        FreezePlan plan = FreezePlan.Apply(network, phase);
        using OptimizerGroups ours = new(network, plan, phase, type);
        using AdamW theirs = new(network.Parameters, lr: 1e-4);
        using Tensor images = rand(Batch, Size, Size, 3).to(type).permute(0, 3, 1, 2);
        using Tensor labels = zeros(Batch, ScalarType.Int64);
        double best = double.MaxValue;
        for (int i = 0; i < Steps; i++)
        {
            long start = Stopwatch.GetTimestamp();
            using DisposeScope scope = NewDisposeScope();
            ours.ZeroGradients();
            nn.functional.cross_entropy(network.Logits(images, 0), labels).backward();
            if (fused)
            {
                ours.Step(0.1);
            }
            else
            {
                theirs.step();
            }

            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        NativeMemory.Trim();
        return best;
    }
}
