using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using TorchSharp;
using TransferLab.Backbones;
using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Networks.Architectures;
using TransferLab.Networks.Weights;
using TransferLab.Runtime;
using TransferLab.Strategies;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Benchmarks;

/// <summary>
/// Pretrains the language model of the small world, from random weights and through the one trainer. It goes in rounds: each has rows of its own, a schedule of
/// its own, and leaves a folder in the hub's layout that the next goes on from; within a round a checkpoint is kept, so that a stopped run loses a minute.
/// </summary>
internal static class SmallWorldPretraining
{
    private const int Vocabulary = 2048, Positions = 1024, Questions = 200, Specials = 3;
    private const double TextShare = 0.05;
    private const string Template =
        "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}"
        + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

    private static readonly LlamaShape s_shape = new()
    {
        Layers = 6,
        Width = 256,
        Heads = 8,
        KeyValueHeads = 8,
        HeadWidth = 32,
        FeedForward = 512,
        Vocabulary = Vocabulary,
        Positions = Positions,
        Theta = 100_000,
        Tied = true,
    };

    /// <summary>Runs rounds.</summary>
    /// <param name="folder">Holds <c>round-0</c>, <c>round-1</c> and so on.</param>
    /// <param name="rounds">How many more.</param>
    /// <param name="rows">Rows of each.</param>
    /// <param name="rate">Peak learning rate.</param>
    /// <param name="mix">What the rows are.</param>
    public static int Run(string folder, int rounds, int rows, double rate, Mix mix)
    {
        int done = Enumerable.Range(0, 10_000).TakeWhile(i => File.Exists(Path.Combine(Round(folder, i), "config.json"))).Count();
        if (done == 0)
        {
            Begin(Round(folder, 0));
            done = 1;
        }

        for (int round = done; round < done + rounds; round++)
        {
            Stopwatch clock = Stopwatch.StartNew();
            LanguageModelTrainer trainer = new(Round(folder, round - 1))
            {
                Seed = round,
                Checkpoint = new()
                {
                    Path = Path.Combine(folder, "checkpoint.safetensors"),
                    Fingerprint = string.Create(CultureInfo.InvariantCulture, $"{round} {rows} {rate} {mix}"),
                    Every = TimeSpan.FromMinutes(1),
                },
                Tuning = new() { Epochs = 1, BatchSize = mix.Batch, LearningRate = rate, WeightDecay = 0.05, WarmUp = 0.02, Solver = mix.Solver },
            };
            Example[] train = Rows(trainer, round, rows, mix), heldOut = Rows(trainer, 1_000_000 + round, 64, mix.Drills == 1 ? mix : new());
            Progress progress = new();
            using TunedLanguageModel tuned = trainer.Tune(TransferStrategy.Full(), train, heldOut, progress: progress);
            tuned.Model.SaveFolder(Round(folder, round));
            File.Delete(Path.Combine(folder, "checkpoint.safetensors"));
            long tokens = train.Sum(row => (long)CompletionEncoder.Of(row).Ids.Count);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"round {round}: {rows} rows, {tokens} tokens, {tokens / clock.Elapsed.TotalSeconds:F0} tokens/s, held-out loss "
                    + $"{tuned.Curve[^1].ValidationLoss:F4}, {clock.Elapsed.TotalMinutes:F1} minutes; {SmallWorldExam.Of(Round(folder, round), Questions)}"));
        }

        return 0;
    }

    /// <summary>Writes a round's model as the package carries it, in bfloat16.</summary>
    public static void Pack(string round, string folder)
    {
        using LanguageModel model = LanguageModel.Open(round);
        model.SaveFolder(folder, ScalarType.BFloat16);
    }

    private static Example[] Rows(LanguageModelTrainer trainer, int seed, int count, Mix mix)
    {
        SmallWorldGenerator world = new(seed) { Course = mix.Course };
        Random random = new(seed);
        SmallWorldDrills drills = new(Specials, Vocabulary, [.. SmallWorldDrills.Words.Select(word => trainer.Tokenizer.Encode(word).ToArray())]);
        using IEnumerator<string> texts = world.Texts().GetEnumerator();
        using IEnumerator<Conversation> conversations = world.Conversations().GetEnumerator();
        List<Example> rows = new(count);
        while (rows.Count < count)
        {
            if (random.NextDouble() < mix.Drills)
            {
                bool binds = random.NextDouble() < mix.Bindings;
                rows.Add(new($"drill {rows.Count}", "", binds ? drills.Binding(random) : drills.Lookup(random)));
            }
            else if (random.NextDouble() < TextShare)
            {
                texts.MoveNext();
                rows.Add(new($"text {rows.Count}", "", Whole(trainer.Tokenizer.Encode(texts.Current))));
            }
            else
            {
                conversations.MoveNext();
                bool whole = mix.Whole > 0 && random.NextDouble() < mix.Whole;
                rows.AddRange(ChatExamples.Of([conversations.Current], trainer.Chat!, Positions).Rows.Select(row =>
                    row with { Source = "", Target = whole ? Whole(CompletionEncoder.Of(row).Ids) : row.Target }));
            }
        }

        return [.. rows];
    }

    /// <summary>Every token is trained: sentences, names and questions are learned along with the answers, from the same pass.</summary>
    private static CompletionTarget Whole(IReadOnlyList<long> ids) => new(ids, [.. ids.Select((_, i) => i > 0)]);

    /// <summary>Vocabulary and random weights.</summary>
    private static void Begin(string folder)
    {
        Directory.CreateDirectory(folder);
        SmallWorldGenerator world = new(seed: 0);
        IEnumerable<string> texts = world.Texts().Take(8_000)
            .Concat(world.Conversations().Take(4_000).SelectMany(row => row.Turns.Select(turn => turn.Content)));
        File.WriteAllBytes(Path.Combine(folder, "tokenizer.json"), BytePairTraining.Train(texts, Vocabulary, ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]));
        File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"),
            JsonSerializer.Serialize(new { chat_template = Template, eos_token = "<|im_end|>", pad_token = "<|endoftext|>" }));
        File.WriteAllBytes(Path.Combine(folder, "config.json"),
            LlamaConfig.Write(s_shape, new Dictionary<string, long> { ["eos_token_id"] = 2, ["pad_token_id"] = 0 }, "float32"));
        LibTorch.Load();
        using DisposeScope scope = NewDisposeScope();
        using LlamaNetwork network = new(s_shape);
        using Generator generator = new(1);
        Dictionary<string, Tensor> weights = network.state_dict().ToDictionary(item => item.Key, item => Initial(item.Key, item.Value, generator));
        WireInduction(weights, generator);
        SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), [.. weights.Select(item => (item.Key, item.Value))], new Dictionary<string,
            string>
        { ["format"] = "pt" });
    }

    /// <summary>Norms are 1; matrices are normal by their inputs; those that write into the residual stream are small, so that it begins as the tokens
    /// themselves (Zhang et al. 2019, arXiv:1901.09321).</summary>
    private static Tensor Initial(string name, Tensor value, Generator generator)
    {
        if (value.dim() == 1)
        {
            return value.clone();
        }

        bool writes = name.Contains("o_proj", StringComparison.Ordinal) || name.Contains("down_proj", StringComparison.Ordinal);
        double deviation = Math.Sqrt(1.0 / value.shape[1]) * (writes ? 0.03 : name.Contains("embed", StringComparison.Ordinal) ? 0.5 : 1);
        return randn(value.shape, generator: generator) * deviation;
    }

    /// <summary>
    /// Half of the heads of the first two layers begin as an induction circuit (Elhage et al. 2021, "A Mathematical Framework for Transformer Circuits";
    /// Trockman and Kolter 2023, arXiv:2305.09828, for beginning attention where training leads it): a head of the first layer looks one token back and writes
    /// what stood there; one of the second asks which token came after this one before, and copies it. Training finds it by itself, but on two cores that takes
    /// most of the hours there are.
    /// </summary>
    private static void WireInduction(Dictionary<string, Tensor> weights, Generator generator)
    {
        const int Fast = 5, Slow = 8;
        const double Constant = 0.25, Position = 1.2, Written = 0.035, Matched = 3.2, Copied = 0.4, Noise = 0.02;
        int width = s_shape.Width, head = s_shape.HeadWidth, half = head / 2;
        Tensor Orthonormal() => linalg.qr(randn([width, width], generator: generator)).Q;
        Tensor Of(int layer, string name) => weights[$"model.layers.{layer}.self_attn.{name}_proj.weight"];
        (Tensor read, Tensor write, Tensor copy) = (Orthonormal(), Orthonormal(), Orthonormal());
        weights["model.embed_tokens.weight"][.., 0] = Constant; // The same for all tokens: what a head can look at that cares for positions alone.
        for (int i = 0; i < s_shape.Heads / 2; i++)
        {
            TensorIndex rows = TensorIndex.Slice(i * head, (i + 1) * head);
            (Tensor from, Tensor to, Tensor same) = (read[rows], write[rows], copy[rows]);
            foreach (string name in new[] { "q", "k" })
            {
                Of(0, name)[rows].mul_(Noise);
                Of(1, name)[rows].mul_(Noise);
            }

            for (int pair = 0; pair < Fast; pair++)
            {
                double turn = Math.Pow(s_shape.Theta, -(double)pair / half);
                Of(0, "q")[(i * head) + pair, 0] = Position;
                Of(0, "k")[(i * head) + pair, 0] = Position * Math.Cos(turn);
                Of(0, "k")[(i * head) + half + pair, 0] = Position * Math.Sin(turn);
            }

            Of(0, "v")[rows] = from;
            Of(0, "o")[.., rows] = to.t() * Written;
            foreach (int first in new[] { (i * head) + half - Slow, ((i + 1) * head) - Slow })
            {
                TensorIndex slow = TensorIndex.Slice(first, first + Slow), part = TensorIndex.Slice(first - (i * head) - half + Slow, first - (i * head) - half
                    + (2 * Slow));
                Of(1, "q")[slow] = from[part] * Matched;
                Of(1, "k")[slow] = to[part] * Matched;
            }

            Of(1, "v")[rows] = same;
            Of(1, "o")[.., rows] = same.t() * Copied;
        }
    }

    private static string Round(string folder, int round) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"round-{round}"));

    /// <summary>What the rows of a round are.</summary>
    internal sealed record Mix
    {
        /// <summary>How hard the conversations are.</summary>
        public SmallWorldCourse Course { get; init; } = new();

        /// <summary>Share of rows that are drills: tokens without sense that come again.</summary>
        public double Drills { get; init; }

        /// <summary>Share of drills whose values are asked by two keys, thing and property.</summary>
        public double Bindings { get; init; }

        /// <summary>Share of conversations of which every token is trained, not the answers alone.</summary>
        public double Whole { get; init; }

        /// <summary>Rows of a step.</summary>
        public int Batch { get; init; } = 24;

        /// <summary>How steps are taken.</summary>
        public Solver Solver { get; init; } = Solver.AdamW;
    }

    private sealed class Progress : IProgress<TrainingProgress>
    {
        private readonly Stopwatch _clock = Stopwatch.StartNew();
        private double _next, _sum;
        private int _count;

        public void Report(TrainingProgress value)
        {
            (_sum, _count) = value.Loss is { } loss ? (_sum + loss, _count + 1) : (_sum, _count);
            if (_clock.Elapsed.TotalSeconds < _next || _count == 0)
            {
                return;
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {value.Stage} {value.Share:P1}, loss {_sum / _count:F4}, {value.Positions / _clock.Elapsed.TotalSeconds:F0} tokens/s"));
            (_next, _sum, _count) = (_clock.Elapsed.TotalSeconds + 20, 0, 0);
        }
    }
}
