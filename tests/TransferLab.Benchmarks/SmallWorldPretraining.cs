using System.Diagnostics;
using System.Globalization;
using System.Text;
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
/// Pretrains the language model of the small world, from random weights and through the one trainer. It goes in rounds: each has rows of its own, a schedule of its own, and leaves a
/// folder in the hub's layout that the next goes on from; within a round a checkpoint is kept, so that a stopped run loses a minute.
/// </summary>
internal static class SmallWorldPretraining
{
    private const int Vocabulary = 2048, Positions = 1024, Questions = 200;
    private const double TextShare = 0.05;
    private const string Template =
        "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}"
        + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

    private static readonly LlamaShape s_shape = new()
    {
        Layers = 6,
        Width = 256,
        Heads = 4,
        KeyValueHeads = 2,
        HeadWidth = 64,
        FeedForward = 704,
        Vocabulary = Vocabulary,
        Positions = Positions,
        Tied = true,
    };

    /// <summary>Runs rounds.</summary>
    /// <param name="folder">Holds <c>round-0</c>, <c>round-1</c> and so on.</param>
    /// <param name="rounds">How many more.</param>
    /// <param name="rows">Rows of each.</param>
    /// <param name="rate">Peak learning rate.</param>
    /// <param name="exercises">Share of rows that exercise copying.</param>
    public static int Run(string folder, int rounds, int rows, double rate, double exercises)
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
                Checkpoint = new() { Path = Path.Combine(folder, "checkpoint.safetensors"), Fingerprint = string.Create(CultureInfo.InvariantCulture, $"{round} {rows} {rate} {exercises}"), Every = TimeSpan.FromMinutes(1) },
                Tuning = new() { Epochs = 1, BatchSize = 16, LearningRate = rate, WeightDecay = 0.05, WarmUp = 0.02, Recompute = false },
            };
            Example[] train = Rows(trainer, round, rows, exercises), heldOut = Rows(trainer, 1_000_000 + round, 64, 0.1);
            Progress progress = new();
            using TunedLanguageModel tuned = trainer.Tune(TransferStrategy.Full(), train, heldOut, progress: progress);
            tuned.Model.SaveFolder(Round(folder, round));
            File.Delete(Path.Combine(folder, "checkpoint.safetensors"));
            long tokens = train.Sum(row => (long)CompletionEncoder.Of(row).Ids.Count);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"round {round}: {rows} rows, {tokens} tokens, {tokens / clock.Elapsed.TotalSeconds:F0} tokens/s, held-out loss {tuned.Curve[^1].ValidationLoss:F4}, {clock.Elapsed.TotalMinutes:F1} minutes; {Exam(Round(folder, round), Questions)}"));
        }

        return 0;
    }

    /// <summary>Writes a round's model as the package carries it, in bfloat16.</summary>
    public static void Pack(string round, string folder)
    {
        using LanguageModel model = LanguageModel.Open(round);
        model.SaveFolder(folder, ScalarType.BFloat16);
    }

    /// <summary>What the model makes of questions that it never saw: exact matches with and without the passage, and refusals.</summary>
    public static string Exam(string folder, int count)
    {
        using LanguageModel model = LanguageModel.Open(folder);
        SmallWorldQuestion[] questions = [.. new SmallWorldGenerator(seed: 7, held: true).Questions().Take(count)];
        SmallWorldQuestion[] known = [.. new SmallWorldGenerator(seed: 7).Questions().Take(count)];
        (bool[] with, bool[] without, bool[] easy) = (Right(model, questions, true), Right(model, questions, false), Right(model, known, true));
        string Share(bool[] right, Func<int, bool> which) => string.Create(CultureInfo.InvariantCulture, $"{Enumerable.Range(0, count).Where(which).Select(i => right[i] ? 1.0 : 0).DefaultIfEmpty().Average():F3}");
        return $"with the passage {Share(with, i => questions[i].IsAnswerable && questions[i].IsTrained)}, relations never asked {Share(with, i => questions[i].IsAnswerable && !questions[i].IsTrained)}, "
            + $"refusals {Share(with, i => !questions[i].IsAnswerable)}, without the passage {Share(without, i => questions[i].IsAnswerable)}, trained wordings and names {Share(easy, i => known[i].IsAnswerable)} and refusals {Share(easy, i => !known[i].IsAnswerable)}";
    }

    private static bool[] Right(LanguageModel model, SmallWorldQuestion[] questions, bool passage)
    {
        Conversation[] asked = [.. questions.Select(question => new Conversation([new(Role.User, passage ? $"{string.Join("\n\n", question.Passages)}\n\n{question.Question}" : question.Question)]))];
        return [.. asked.Chunk(32).SelectMany(chunk => model.Complete(chunk, new GenerationOptions { MaxTokens = 24, Temperature = 0 }))
            .Select((answer, i) => answer.Text.Trim() == questions[i].Answer)];
    }

    private static Example[] Rows(LanguageModelTrainer trainer, int seed, int count, double exercises)
    {
        SmallWorldGenerator world = new(seed);
        Random random = new(seed);
        using IEnumerator<string> texts = world.Texts().GetEnumerator();
        using IEnumerator<Conversation> conversations = world.Conversations(exercises).GetEnumerator();
        List<Example> rows = new(count);
        while (rows.Count < count)
        {
            if (random.NextDouble() < TextShare)
            {
                texts.MoveNext();
                long[] ids = trainer.Tokenizer.Encode(texts.Current);
                rows.Add(new($"text {rows.Count}", "", new CompletionTarget(ids, [.. ids.Select((_, i) => i > 0)])));
            }
            else
            {
                conversations.MoveNext();
                rows.AddRange(ChatExamples.Of([conversations.Current], trainer.Chat!, Positions).Rows.Select(row => row with { Source = "" }));
            }
        }

        return [.. rows];
    }

    /// <summary>Vocabulary and random weights.</summary>
    private static void Begin(string folder)
    {
        Directory.CreateDirectory(folder);
        SmallWorldGenerator world = new(seed: 0);
        IEnumerable<string> texts = world.Texts().Take(8_000).Concat(world.Conversations().Take(4_000).SelectMany(row => row.Turns.Select(turn => turn.Content)));
        File.WriteAllBytes(Path.Combine(folder, "tokenizer.json"), BytePairTraining.Train(texts, Vocabulary, ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]));
        File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"), JsonSerializer.Serialize(new { chat_template = Template, eos_token = "<|im_end|>", pad_token = "<|endoftext|>" }));
        File.WriteAllBytes(Path.Combine(folder, "config.json"), LlamaConfig.Write(s_shape, new Dictionary<string, long> { ["eos_token_id"] = 2, ["pad_token_id"] = 0 }, "float32"));
        LibTorch.Load();
        using DisposeScope scope = NewDisposeScope();
        using LlamaNetwork network = new(s_shape);
        using Generator generator = new(1);
        (string, Tensor)[] weights = [.. network.state_dict().Select(item => (item.Key, Initial(item.Key, item.Value, generator)))];
        SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), weights, new Dictionary<string, string> { ["format"] = "pt" });
    }

    /// <summary>Norms are 1; matrices are normal by their inputs, those that write into the residual stream smaller by the root of their number (Radford et al. 2019).</summary>
    private static Tensor Initial(string name, Tensor value, Generator generator)
    {
        if (value.dim() == 1)
        {
            return value.clone();
        }

        bool writes = name.Contains("o_proj", StringComparison.Ordinal) || name.Contains("down_proj", StringComparison.Ordinal);
        double deviation = Math.Sqrt(1.0 / value.shape[1]) / (writes ? Math.Sqrt(2 * s_shape.Layers) : 1);
        return randn(value.shape, generator: generator) * deviation;
    }

    private static string Round(string folder, int round) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"round-{round}"));

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

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {value.Stage} {value.Share:P1}, loss {_sum / _count:F4}, {value.Positions / _clock.Elapsed.TotalSeconds:F0} tokens/s"));
            (_next, _sum, _count) = (_clock.Elapsed.TotalSeconds + 20, 0, 0);
        }
    }
}
