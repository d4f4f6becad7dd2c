using System.Diagnostics;
using System.Globalization;
using LLama;
using LLama.Common;
using LLama.Native;
using TorchSharp;
using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Runtime;
using TransferLab.Strategies;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Benchmarks;

/// <summary>
/// How fast a language model reads, writes and is tuned, beside the peak of this machine's matrix products, and beside llama.cpp over files of the same
/// weights, in one run.
/// </summary>
internal static class LanguageLimits
{
    private const int Prompt = 512, Written = 128, Several = 16, Rows = 8, RowTokens = 128, Steps = 8, WarmSteps = 2;
    private const double TrainedShare = 0.5;

    /// <summary>Measures, and prints a table.</summary>
    /// <param name="path">A GGUF file or a folder.</param>
    public static int Run(string path)
    {
        LibTorch.Load();
        Dictionary<ScalarType, double> peaks = new ScalarType[] { ScalarType.Float32, ScalarType.BFloat16 }.ToDictionary(type => type, Limits.Peak);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{get_num_threads()} threads; square products: float32 {peaks[ScalarType.Float32]:F0} ")
            + string.Create(CultureInfo.InvariantCulture, $"GFLOP/s, bfloat16 {peaks[ScalarType.BFloat16]:F0}"));
        foreach (ScalarType type in peaks.Keys.OrderByDescending(type => peaks[type]))
        {
            string precision = type == ScalarType.Float32 ? "float32" : "bfloat16";
            ComputeDevice compute = ComputeDevice.Choose("cpu", precision);
            using (LanguageModel model = LanguageModel.Open(path, compute))
            {
                ReadAndWrite(model, precision);
            }

            if (peaks[type] == peaks.Values.Max())
            {
                Tune(path, compute, TransferStrategy.LowRank(), recompute: true, peaks[type]);
                Tune(path, compute, TransferStrategy.LowRank(), recompute: false, peaks[type]);
                Tune(path, compute, TransferStrategy.Full(), recompute: true, peaks[type]);
                Tune(path, compute, TransferStrategy.Full(), recompute: false, peaks[type]);
            }
        }

        Compare(path);
        return 0;
    }

    /// <summary>llama.cpp over a file, in a process of its own: two native libraries that bring OpenMP and their own kernels do not share one well.</summary>
    public static int LlamaCpp(string path)
    {
        NativeLogConfig.llama_log_set((_, _) => { });
        ModelParams parameters = new(path)
        {
            ContextSize = Several * (Prompt + Written),
            BatchSize = Prompt,
            UBatchSize = Prompt,
            SeqMax = Several,
            GpuLayerCount = 0,
            Threads = Environment.ProcessorCount,
            BatchThreads = Environment.ProcessorCount,
        };
        using LLamaWeights weights = LLamaWeights.LoadFromFile(parameters);
        using LLamaContext context = weights.CreateContext(parameters);
        Random random = new(1);
        double Decode(int sequences, int first, int count)
        {
            LLamaBatch batch = new();
            for (int i = 0; i < count; i++)
            {
                for (int sequence = 0; sequence < sequences; sequence++)
                {
                    batch.Add((LLamaToken)random.Next(100, 1000), first + i, (LLamaSeqId)sequence, i == count - 1);
                }
            }

            long start = Stopwatch.GetTimestamp();
            if (context.NativeHandle.Decode(batch) != DecodeResult.Ok)
            {
                throw new InvalidOperationException("llama.cpp could not decode.");
            }

            _ = context.NativeHandle.GetLogitsIth((sequences * count) - 1)[0]; // It waits for the result.
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        double Read()
        {
            context.NativeHandle.MemoryClear();
            return Decode(1, 0, Prompt);
        }

        double Write(int sequences)
        {
            context.NativeHandle.MemoryClear();
            Decode(sequences, 0, 16);
            return Enumerable.Range(0, Written).Sum(i => Decode(sequences, 16 + i, 1));
        }

        Print($"llama.cpp, {Path.GetFileName(path)}", Prompt / Best(Read), Written / Best(() => Write(1)), Several * Written / Best(() => Write(Several)));
        return 0;
    }

    private static void ReadAndWrite(LanguageModel model, string precision)
    {
        Random random = new(1);
        long[] Ids(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextInt64(100, 1000))];
        double Took(int texts, int prompt, int tokens)
        {
            long[][] prompts = [.. Enumerable.Range(0, texts).Select(_ => Ids(prompt))];
            long start = Stopwatch.GetTimestamp();
            TokenGenerator generator = new(model.Network, CPU, precision == "float32" ? ScalarType.Float32 : ScalarType.BFloat16, model.MaxTokens);
            generator.Generate(prompts, new GenerationOptions { MaxTokens = tokens, Temperature = 0 }, (_, _) => true, default);
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        // What a short prompt and its first token take is taken off, so that writing alone is left.
        double Write(int texts) => texts * (Written - 1) / (Best(() => Took(texts, 16, Written)) - Best(() => Took(texts, 16, 1)));
        Print($"here, {precision}", Prompt / Best(() => Took(1, Prompt, 1)), Write(1), Write(Several));
    }

    private static void Print(string what, double read, double write, double several) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{what,-52} reads {Prompt} tokens at {read,6:F0}/s, writes one answer at {write,5:F0}/s, {Several} at once at {several,5:F0}/s"));

    /// <summary>Training steps as a user's are, from the same trainer: 8 rows of 128 tokens, half of which are trained.</summary>
    private static void Tune(string path, ComputeDevice compute, TransferStrategy strategy, bool recompute, double peak)
    {
        Random random = new(1);
        Example[] rows = [.. Enumerable.Range(0, Rows * (Steps + WarmSteps)).Select(i => new Example($"row {i}", "", Row(random)))];
        LanguageTuning tuning = new() { Epochs = 1, BatchSize = Rows };
        LanguageModelTrainer trainer = new(path) { Compute = compute, Tuning = recompute ? tuning with { KeptBytes = 0 } : tuning };
        using PeakMemory memory = new();
        long before = memory.Bytes;
        StepTimes times = new();
        using (TunedLanguageModel tuned = trainer.Tune(strategy, rows, rows[..Rows], progress: times))
        {
            double perSecond = Rows * RowTokens / times.Median;
            TransferNetwork network = tuned.Model.Network;
            double table = network.Parameters.MaxBy(parameter => parameter.numel())!.numel(), others = tuned.Model.Parameters - table;
            int passes = strategy.Phases.Any(phase => phase.Lora is not null) ? 2 : 3; // Forward, and one or two gradients of every product.
            double operations = 2 * passes * (others + (TrainedShare * table));
            string way = recompute ? ", all computed again" : "";
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"here, {compute.Precision}, {strategy.Name} on {Rows} x {RowTokens} tokens{way}: ")
                + string.Create(CultureInfo.InvariantCulture, $"{perSecond:F0} tokens/s, {perSecond * operations / 1e9 / peak:P0} of the peak, ")
                + string.Create(CultureInfo.InvariantCulture, $"{memory.Bytes / 1e9:F2} GB at its largest, {before / 1e9:F2} GB before"));
        }
    }

    private static CompletionTarget Row(Random random) =>
        new([.. Enumerable.Range(0, RowTokens).Select(_ => random.NextInt64(100, 1000))], [.. Enumerable.Range(0, RowTokens).Select(i => i >= RowTokens
            * TrainedShare)]);

    /// <summary>Files of the same weights: the GGUF as it is, and one that is written from it in F16.</summary>
    private static void Compare(string path)
    {
        string written = Path.Combine(Path.GetTempPath(), $"transferlab-{Environment.ProcessId}.F16.gguf");
        try
        {
            using (LanguageModel model = LanguageModel.Open(path))
            {
                model.SaveGguf(written);
            }

            foreach (string file in File.Exists(path) ? new[] { path, written } : [written])
            {
                using var child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [typeof(LanguageLimits).Assembly.Location, "llama-cpp", file]))!;
                child.WaitForExit();
            }
        }
        finally
        {
            File.Delete(written);
        }
    }

    /// <summary>The fastest of three: others use the machine too, and the first prepares.</summary>
    private static double Best(Func<double> seconds) => Enumerable.Range(0, 3).Min(_ => seconds());

    /// <summary>When steps ended.</summary>
    private sealed class StepTimes : IProgress<TrainingProgress>
    {
        private readonly List<long> _ends = [];
        private long _positions;

        /// <summary>Seconds of a step, the middle one of those after the first.</summary>
        public double Median
        {
            get
            {
                double[] seconds = [.. _ends.Zip(_ends.Skip(1), (a, b) => Stopwatch.GetElapsedTime(a, b).TotalSeconds).Skip(WarmSteps - 1).Order()];
                return seconds[seconds.Length / 2];
            }
        }

        public void Report(TrainingProgress value)
        {
            if (value.Positions > _positions)
            {
                (_positions, long now) = (value.Positions, Stopwatch.GetTimestamp());
                _ends.Add(now);
            }
        }
    }
}
