using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Strategies;
using TransferLab.Training;
using static TorchSharp.torch.nn;

namespace TransferLab.Tests.Training;

/// <summary>The trainer's promises hold for texts as they do for images: it is the same trainer.</summary>
[Collection(TorchCollection.Name)]
public sealed class TextTrainingTests
{
    private static readonly Backbone s_backbone = SmallText.Create();
    private static readonly LabeledData s_task = SmallText.Task();

    [Fact]
    public void Frozen_leaves_every_backbone_weight_bit_identical()
    {
        using BackboneNetwork before = s_backbone.CreatePretrained();
        using TrainingOutcome outcome = Fit(TransferStrategy.Frozen());
        Assert.Equal(SmallBackbone.Bits(before.Module), SmallBackbone.Bits(outcome.Network.Backbone.Module));
    }

    [Theory]
    [InlineData("full")]
    [InlineData("scratch")]
    public void The_same_seed_gives_the_same_weights_bit_for_bit_dropout_included(string name)
    {
        TransferStrategy strategy = Short(name);
        using TrainingOutcome first = Fit(strategy), again = Fit(strategy), other = Fit(strategy, seed: 2);
        Assert.Equal(SmallBackbone.Bits(first.Network.State()), SmallBackbone.Bits(again.Network.State()));
        Assert.NotEqual(SmallBackbone.Bits(first.Network.State())["head.weight"], SmallBackbone.Bits(other.Network.State())["head.weight"]);
    }

    [Fact]
    public void Training_that_diverges_stops_in_the_epoch_and_names_the_rates()
    {
        Backbone broken = s_backbone with { LoadWeights = module => init.constant_(module.parameters().First(), float.NaN) };
        Trainer trainer = new(broken, SmallBackbone.Compute, new());
        string layers = Assert.Throws<DivergedException>(() => trainer.Fit(Short("full"), s_task.Train, 3, seed: 1)).Message;
        string head = Assert.Throws<DivergedException>(() => trainer.Fit(Short("frozen-mlp"), s_task.Train, 3, seed: 1)).Message;

        Assert.Equal("Training diverged: the loss of epoch 1 is no finite number. Try a lower learning rate than 0.0002 (layers) and 0.001 (head).", layers);
        Assert.EndsWith("than 0.001.", head, StringComparison.Ordinal);
    }

    [Fact]
    public void Gradients_go_when_training_ends()
    {
        using TrainingOutcome outcome = Fit(Short("full"));
        Assert.All(outcome.Network.Parameters, parameter => Assert.True(parameter.grad is null));
    }

    [Fact]
    public void What_any_phase_moves_counts_as_trained()
    {
        TransferStrategy strategy = Short("full");
        strategy = strategy with { Phases = [.. strategy.Phases, .. TransferStrategy.Frozen().Phases] };
        using FitResult fitted = new Learner(s_backbone, SmallBackbone.Compute, new()).Fit(strategy, s_task.Train, s_task.Classes, seed: 1);
        Assert.Equal(fitted.Model.Parameters, fitted.TrainableParameters);
    }

    [Fact]
    public void Words_that_do_not_occur_keep_their_vectors_and_those_that_do_move()
    {
        Example[] few = [.. s_task.Train.Where(example => example.Label < 2)];
        using BackboneNetwork before = s_backbone.CreatePretrained();
        using TrainingOutcome outcome = new Trainer(s_backbone, SmallBackbone.Compute, new()).Fit(Short("full"), few, 2, seed: 1);
        float[] old = Embedding(before), now = Embedding(outcome.Network.Backbone);
        long[] used = [.. s_backbone.Encoder.SymbolsIn(few)!];
        Assert.InRange(used.Length, 5, old.Length / 16 - 1);
        for (int id = 0; id < old.Length / 16; id++)
        {
            bool moved = !old.AsSpan(16 * id, 16).SequenceEqual(now.AsSpan(16 * id, 16));
            Assert.True(moved == used.Contains(id) || id == 0, $"token {id}: {(moved ? "moved" : "stayed")}"); // The padding sees weight decay alone.
        }
    }

    [Theory]
    [InlineData("frozen")]
    [InlineData("full")]
    [InlineData("classical")]
    public void A_loaded_model_predicts_exactly_as_the_saved_one(string name)
    {
        string folder = Directory.CreateTempSubdirectory("transferlab-test-").FullName;
        try
        {
            Learner learner = new(s_backbone, SmallBackbone.Compute, new());
            Strategy strategy = name == "full" ? Short(name) : StrategyCatalog.Find(name);
            using FitResult fitted = learner.Fit(strategy, s_task.Train, s_task.Classes, seed: 1);
            string path = Path.Combine(folder, name + fitted.Model.FileExtension);
            fitted.Model.Save(path);
            using TrainedModel loaded = ModelFile.Load(path, SmallBackbone.Compute);

            Assert.Equal(InputKind.Text, loaded.Kind);
            Assert.Equal(fitted.Model.Classes, loaded.Classes);
            Assert.Equal(fitted.Model.Predict(s_task.Test).Probabilities, loaded.Predict(s_task.Test).Probabilities);
            Assert.Equal([path], Directory.GetFiles(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Predictions_come_in_the_order_of_the_examples_whatever_their_lengths()
    {
        using FitResult fitted = new Learner(s_backbone, SmallBackbone.Compute, new()).Fit(Short("full"), s_task.Train, s_task.Classes, seed: 1);
        Example[] backwards = [.. s_task.Test.Reverse()];
        IEnumerable<float[]> one = fitted.Model.Predict(s_task.Test).Probabilities, other = fitted.Model.Predict(backwards).Probabilities.Reverse();
        Assert.All(one.Zip(other), pair => Assert.All(pair.First.Zip(pair.Second), p => Assert.Equal(p.First, p.Second, 5)));
    }

    [Fact]
    public void Batches_hold_texts_of_like_lengths_and_every_text_once()
    {
        Example[] examples = [.. Enumerable.Range(1, 640).Select(i => new Example($"{i:000}", string.Join(' ', Enumerable.Repeat("my", 1 + (i % 12))), 0))];
        new Random(1).Shuffle(examples);
        Example[][] batches = Batches.Shuffled(examples, 16, s_backbone.Encoder, new Random(2));
        Assert.Equal(examples.Order(Comparer<Example>.Create((a, b) => string.CompareOrdinal(a.Name, b.Name))),
            batches.SelectMany(b => b).OrderBy(e => e.Name, StringComparer.Ordinal));
        double padding = batches.Sum(b => b.Sum(e => b.Max(s_backbone.Encoder.LengthOf) - s_backbone.Encoder.LengthOf(e)))
            / (double)examples.Sum(s_backbone.Encoder.LengthOf);
        Assert.InRange(padding, 0, 0.1);
    }

    [Fact]
    public void The_batch_with_the_longest_text_can_come_first_and_no_text_is_lost()
    {
        Example[] examples = [.. Enumerable.Range(1, 60).Select(i => new Example($"{i:00}", string.Join(' ', Enumerable.Repeat("my", 1 + (i % 12))), 0))];
        Example[][] batches = Batches.Shuffled(examples, 4, s_backbone.Encoder, new Random(2)), before = [.. batches];
        Batches.PutLongestFirst(batches, s_backbone.Encoder);
        Assert.Equal(examples.Max(s_backbone.Encoder.LengthOf), batches[0].Max(s_backbone.Encoder.LengthOf));
        Assert.Equal(before.OrderBy(batch => batch[0].Name), batches.OrderBy(batch => batch[0].Name));
    }

    private static float[] Embedding(BackboneNetwork network) => network.Module.state_dict()["embeddings.word_embeddings.weight"].data<float>().ToArray();

    private static TransferStrategy Short(string name)
    {
        TransferStrategy strategy = (TransferStrategy)StrategyCatalog.Find(name);
        return strategy with { Phases = [.. strategy.Phases.Select(phase => phase with { Epochs = 3 })] };
    }

    private static TrainingOutcome Fit(TransferStrategy strategy, int seed = 1) =>
        new Trainer(s_backbone, SmallBackbone.Compute, new()).Fit(strategy, s_task.Train, s_task.Classes.Count, seed);
}
