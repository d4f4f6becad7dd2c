using TorchSharp;
using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Runtime;
using TransferLab.Strategies;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Chat.Tests;

/// <summary>Tuning a language model from conversations to files that others read.</summary>
public sealed class TuningTests(TinyModel tiny) : IClassFixture<TinyModel>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tuned-").FullName;

    private static IReadOnlyList<Conversation> Rows { get; } =
        [.. Enumerable.Range(0, 24).Select(i => new Conversation([new(Role.User, $"What is {i}?"), new(Role.Assistant, $"It is the number {i}.")]))];

    [Theory]
    [InlineData("lora")]
    [InlineData("full")]
    [InlineData("last-1")]
    [InlineData("gradual")]
    public void Tuning_lowers_the_loss_of_rows_that_it_trains_on(string strategy)
    {
        LanguageModelTrainer trainer = Trainer(epochs: 4);
        (ChatExamples train, ChatExamples heldOut) = trainer.Encode(Rows);
        using LanguageModel before = tiny.Open();

        using TunedLanguageModel tuned = trainer.Tune((TransferStrategy)StrategyCatalog.Find(strategy), train.Rows, heldOut.Rows);

        Assert.Equal(strategy == "lora", tuned.Model.HasAdapter);
        Assert.True(tuned.Model.MeanLoss(train.Rows) < before.MeanLoss(train.Rows));
    }

    [Fact]
    public void The_tied_embedding_stays_under_adapters_and_under_the_last_layer()
    {
        using LanguageModel before = tiny.Open();
        foreach (string strategy in new[] { "lora", "last-1" })
        {
            using TunedLanguageModel tuned = Trainer(epochs: 1).Tune((TransferStrategy)StrategyCatalog.Find(strategy), Rows);
            Assert.True(Embedding(tuned.Model).equal(Embedding(before)).all().item<bool>());
        }
    }

    [Theory]
    [InlineData("frozen", "The nearest is last-1")]
    [InlineData("scratch", "random weights")]
    [InlineData("bitfit", "no biases")]
    public void A_strategy_that_a_language_model_does_not_suit_is_refused_in_one_line(string strategy, string says)
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => Trainer(epochs: 1).Tune((TransferStrategy)StrategyCatalog.Find(strategy), Rows));

        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void An_interrupted_run_goes_on_within_its_epoch_to_the_same_weights()
    {
        TransferStrategy lora = TransferStrategy.LowRank();
        using TunedLanguageModel whole = Trainer(epochs: 2).Tune(lora, Rows);
        CheckpointOptions checkpoint = new() { Path = Path.Combine(_folder, "run.safetensors"), Fingerprint = "one", Every = TimeSpan.Zero };
        using CancellationTokenSource stop = new();
        int steps = 0;
        Assert.ThrowsAny<OperationCanceledException>(() =>
            Trainer(epochs: 2, checkpoint).Tune(lora, Rows, progress: new ImmediateProgress<TrainingProgress>(progress =>
        {
            if (progress.Loss is not null && ++steps == 5)
            {
                stop.Cancel();
            }
        }), cancellation: stop.Token));

        using TunedLanguageModel resumed = Trainer(epochs: 2, checkpoint).Tune(lora, Rows);

        Assert.Equal(Adapter(whole.Model), Adapter(resumed.Model));
        Assert.Equal(whole.Curve.Select(point => (point.TrainLoss, point.ValidationLoss)),
            resumed.Curve.Select(point => (point.TrainLoss, point.ValidationLoss)));
        Assert.True(new FileInfo(checkpoint.Path).Length < 200_000, "What did not move is in the checkpoint.");
    }

    [Fact]
    public void Adapters_alone_and_merged_models_answer_as_the_one_that_was_tuned()
    {
        LanguageModelTrainer trainer = Trainer(epochs: 2);
        (ChatExamples train, ChatExamples heldOut) = trainer.Encode(Rows);
        using TunedLanguageModel tuned = trainer.Tune(TransferStrategy.LowRank(), train.Rows, heldOut.Rows);
        string folder = Path.Combine(_folder, "tuned"), hub = Path.Combine(_folder, "hub"), gguf = Path.Combine(_folder, "whole.gguf"),
            again = Path.Combine(_folder, "adapter.gguf");
        tuned.Save(folder, new("rows", "CC0-1.0", train.Rows.Count, heldOut.Rows.Count, train.Tokens, train.TrainedTokens));
        tuned.Model.SaveFolder(hub);
        tuned.Model.SaveGguf(gguf, "F32");

        foreach (string written in new[] { folder, hub, gguf })
        {
            ExportCheck check = ExportCheck.Of(tuned.Model, written, adapter: null, heldOut.Rows);
            Assert.True(check is { LargestDifference: < 1e-4, SameGreedy: true, SameTop: 1 }, $"{written}: {check}");
        }

        Assert.Contains("GGUF", Assert.Throws<ArgumentException>(() => tuned.Model.SaveGgufAdapter(again)).Message, StringComparison.Ordinal);
        LanguageModelTrainer fromGguf = Trainer(epochs: 1, path: gguf);
        using TunedLanguageModel second = fromGguf.Tune(TransferStrategy.LowRank(), train.Rows, heldOut.Rows);
        second.Model.SaveGgufAdapter(again);
        Assert.True(ExportCheck.Of(second.Model, gguf, again, heldOut.Rows) is { LargestDifference: < 1e-4, SameGreedy: true });
    }

    [Fact]
    public void An_adapter_is_switched_off_and_merged()
    {
        using TunedLanguageModel tuned = Trainer(epochs: 2).Tune(TransferStrategy.LowRank(), Rows);
        using LanguageModel bare = tiny.Open();
        (ChatExamples train, _) = Trainer(epochs: 1).Encode(Rows);
        double with = tuned.Model.MeanLoss(train.Rows);
        tuned.Model.UsesAdapter = false;
        Assert.Equal(bare.MeanLoss(train.Rows), tuned.Model.MeanLoss(train.Rows));
        tuned.Model.UsesAdapter = true;
        tuned.Model.MergeAdapter();
        Assert.False(tuned.Model.HasAdapter);
        Assert.Equal(with, tuned.Model.MeanLoss(train.Rows), 4);
    }

    [Fact]
    public void Reading_on_in_plain_texts_comes_before_answers_and_keeps_one_adapter()
    {
        string corpus = Path.Combine(_folder, "corpus.txt");
        File.WriteAllText(corpus,
            string.Join("\n\n", Enumerable.Range(0, 200).Select(i => $"The number {i} comes before the number {i + 1}, and nobody minds.")));
        LanguageModelTrainer trainer = Trainer(epochs: 1);
        CorpusExamples texts = CorpusExamples.Read(corpus, trainer.Tokenizer, 64, seed: 1);
        (ChatExamples train, ChatExamples heldOut) = trainer.Encode(Rows);

        using TunedLanguageModel tuned = trainer.Tune(TransferStrategy.LowRank(), train.Rows, heldOut.Rows, texts.Train);

        using LanguageModel before = tiny.Open();
        Assert.Equal(2, tuned.Curve.Count);
        Assert.True(tuned.Model.HasAdapter);
        Assert.True(tuned.Model.MeanLoss(texts.HeldOut) < before.MeanLoss(texts.HeldOut));
    }

    [Fact]
    public void Rows_that_are_nearly_alike_are_held_out_together()
    {
        const string twin = "The town hall opens at nine in the morning and closes at five in the afternoon, on Fridays at noon already, says the sign number ";
        string[] words = ["harbour", "orchard", "violin", "glacier", "lantern", "saddle", "pepper", "compass", "thunder", "blanket", "quarry", "sparrow"];
        Conversation[] rows =
        [
            .. words.Select(word =>
                new Conversation([new(Role.User, $"Tell me of one {word} by another {word}."),
                    new(Role.Assistant, $"A {word} near that {word} met some {word}.")])),
            .. Enumerable.Range(0, 4).Select(i => new Conversation([new(Role.User, twin + i), new(Role.Assistant, twin + i)])),
        ];

        for (int seed = 1; seed <= 8; seed++)
        {
            (IReadOnlyList<Conversation> train, IReadOnlyList<Conversation> heldOut) = ConversationSplit.HoldOut(rows, 0.4, seed);
            Assert.Equal(rows.Length, train.Count + heldOut.Count);
            Assert.InRange(heldOut.Count, 1, rows.Length - 1);
            Assert.Contains(heldOut.Count(row => row.Turns[0].Content.StartsWith(twin, StringComparison.Ordinal)), new[] { 0, 4 });
        }
    }

    [Fact]
    public void Rows_that_are_too_long_or_train_nothing_are_named_and_never_cut()
    {
        LanguageModelTrainer trainer = new(tiny.Folder) { MaxTokens = 100, Compute = ComputeDevice.Choose("cpu", "float32") };
        Conversation longRow = new([new(Role.User, "Count."), new(Role.Assistant, string.Join(' ', Enumerable.Range(0, 100)))]) { Line = 7 };

        (ChatExamples train, _) = trainer.Encode([.. Rows, longRow], [Rows[0]]);

        Assert.StartsWith("line 7: ", Assert.Single(train.Dropped), StringComparison.Ordinal);
        Assert.Throws<DataException>(() => trainer.Encode([longRow], [Rows[0]]));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private LanguageModelTrainer Trainer(int epochs, CheckpointOptions? checkpoint = null, string? path = null) => new(path ?? tiny.Folder)
    {
        Tuning = new() { Epochs = epochs, BatchSize = 4, Rank = 4, Alpha = 8, LearningRate = 5e-3 },
        Compute = ComputeDevice.Choose("cpu", "float32"),
        Checkpoint = checkpoint,
    };

    private static Tensor Embedding(LanguageModel model) => model.Network.State()["model.embed_tokens.weight"];

    private static float[] Adapter(LanguageModel model) =>
        [.. model.Network.Adapters!.Updates.SelectMany(pair => pair.Value.Up.detach().data<float>().ToArray())];
}
