using System.Diagnostics;
using TorchSharp;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Strategies;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Learners;

/// <summary>What tuning a language model will take: known before it begins, and near enough to decide by.</summary>
public sealed record TuningEstimate
{
    private const int Probe = 1024;
    private const double ShareOfPeak = 0.35; // What steps of small networks were measured at on two cores.

    /// <summary>Seconds, validation included.</summary>
    public required double Seconds { get; init; }

    /// <summary>Memory at its largest, bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Memory that there is.</summary>
    public required long AvailableBytes { get; init; }

    /// <summary>Whether it fits.</summary>
    public bool Fits => Bytes <= AvailableBytes;

    internal static TuningEstimate Of(
        long parameters, FreezePlan plan, LanguageTuning tuning, int vocabulary, int width, int layers, IReadOnlyList<Example> train,
            IReadOnlyList<Example> heldOut, ComputeDevice compute)
    {
        long Tokens(IReadOnlyList<Example> rows) => rows.Sum(row => (long)CompletionEncoder.Of(row).Ids.Count);
        bool low = compute.Type == ScalarType.BFloat16;
        bool adapters = plan.TrainableParameters < parameters / 3;
        long row = train.Max(example => (long)CompletionEncoder.Of(example).Ids.Count), longest = row * tuning.BatchSize, perValue = low ? 2 : 4;
        long inner = tuning.BatchSize * GradientStep.InnerBytes(row, width, layers, perValue);
        double perToken = parameters * ((adapters ? 4.0 : 6.0) + (tuning.Recompute && tuning.KeptBytes == 0 ? 2 : 0));
        double work = tuning.Epochs * ((Tokens(train) * perToken) + (Tokens(heldOut) * 2.0 * parameters));
        long trained = train.OrderByDescending(row => ((CompletionTarget)row.Target).TrainedCount).Take(tuning.BatchSize)
            .Sum(row => (long)((CompletionTarget)row.Target).TrainedCount);
        long activations = (tuning.Recompute ? Math.Min(inner, tuning.KeptBytes) : inner) + (longest * width * perValue * (layers + 40L));
        long logits = trained * vocabulary * 4 * 3;
        long bytes = (parameters * (low && adapters ? 6 : 4)) + (plan.TrainableParameters * 16) + activations + logits + (300L << 20);
        return new() { Seconds = work / (PeakOf(compute) * ShareOfPeak), Bytes = bytes, AvailableBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes };
    }

    /// <summary>Operations a second of a matrix product on this machine, now.</summary>
    private static double PeakOf(ComputeDevice compute)
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor a = rand(Probe, Probe, compute.Type, compute.Device), b = rand(Probe, Probe, compute.Type, compute.Device);
        double best = double.MaxValue;
        for (int i = 0; i < 4; i++)
        {
            long start = Stopwatch.GetTimestamp();
            using Tensor product = a.mm(b);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return 2.0 * Probe * Probe * Probe / best;
    }
}
