using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Networks.Weights;
using TransferLab.Strategies;
using TransferLab.Training;

namespace TransferLab.Extensions.Tests;

/// <summary>An architecture, an objective and a target that the library has never heard of train, are saved, loaded and predict.</summary>
public sealed class ExtensionTests
{
    private const string Vocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\nred\ngreen\nblue\nball\nbox\n";
    private static readonly string[] s_words = ["red", "green", "blue", "ball", "box"];
    private static readonly NumberTask s_task = new("balls");
    private static readonly Registry s_registry = Registry.Known.With(new WordBag()).With(NumberTask.Format);

    private static readonly TransferStrategy s_strategy = new()
    {
        Name = "numbers",
        Description = "everything trained towards a number",
        Phases =
            [new() { Trains = LayerSelector.Everything, Objective = new SquaredError(), LearningRate = 0.02, HeadLearningRate = 0.02, FirstGroupRate = 1,
                Epochs = 80 }],
    };

    [Fact]
    public void A_network_objective_and_target_of_one_s_own_train_and_are_saved_and_predict_after_loading()
    {
        Example[] train = [.. Enumerable.Range(0, 120).Select(Sentence)], test = [.. Enumerable.Range(200, 40).Select(Sentence)];
        string path = Path.Combine(Directory.CreateTempSubdirectory().FullName, "numbers.safetensors");
        using FitResult fitted = new Learner(Backbone(), ComputeDevice.Choose("cpu", "float32"), new()).Fit(s_strategy, train, s_task, seed: 1);
        IReadOnlyList<float[]> trained = fitted.Model.Predict(test).Probabilities;
        double error = -test.Zip(trained).Average(pair => s_task.Score(pair.Second, pair.First));
        Assert.True(error < 0.5, $"The mean error is {error:0.00} balls.");

        fitted.Model.Save(path);
        using TrainedModel loaded = ModelFile.Load(path, ComputeDevice.Choose("cpu", "float32"), s_registry);
        Assert.Equal(trained, loaded.Predict(test).Probabilities);
        string said = Assert.Throws<WeightsException>(() => ModelFile.Load(path).Dispose()).Message;
        Assert.Contains("number", said, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', said);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    private static Backbone Backbone()
    {
        TransferLab.Networks.Architectures.ArchitectureDescription architecture = new WordBag().Describe("word-bag-9-8");
        return new()
        {
            Card = new() { Name = "word-bag" },
            Architecture = architecture,
            Build = architecture.Build,
            LoadWeights = _ => { },
            Encoder = new TextEncoder(Vocabulary, maxTokens: 16),
        };
    }

    /// <summary>A few words, and how many of them are "ball".</summary>
    private static Example Sentence(int seed)
    {
        Random random = new(seed);
        string[] words = [.. Enumerable.Range(0, 6).Select(_ => s_words[random.Next(s_words.Length)])];
        return new($"{seed}", string.Join(' ', words), new NumberTarget(words.Count(word => word == "ball")));
    }
}
