using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Networks.Weights;
using TransferLab.Strategies;
using TransferLab.Tests.Training;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Tests.Models;

/// <summary>Adapters of classifiers that stay beside the weights.</summary>
[Collection(TorchCollection.Name)]
public sealed class ClassifierAdapterTests : IDisposable
{
    private const int Threads = 8;
    private readonly string _folder = Directory.CreateTempSubdirectory("adapter-").FullName;
    private readonly LabeledData _texts = SmallText.Task();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(Normalization.Fixed)]
    [InlineData(Normalization.Batch)]
    public void An_adapter_of_images_saved_alone_predicts_over_the_backbone_as_it_was_trained(Normalization normalization)
    {
        using SmallTask images = new();
        using FitResult fitted = Fit(SmallBackbone.Create(), images.Data, seed: 1, normalization);
        fitted.Model.Adapter!.Save(_folder);
        using TrainedModel loaded = ClassifierAdapter.Load(_folder, SmallBackbone.Create());

        Assert.Equal(fitted.Model.Classes, loaded.Classes);
        Assert.Equal(Answers(fitted.Model, images.Data), Answers(loaded, images.Data));
        using FeatureCache cache = new();
        if (normalization == Normalization.Batch)
        {
            Assert.Contains("statistics of its own", Refusal(() => ClassifierAdapter.Load(_folder, SmallBackbone.Create(), cache)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_adapter_of_texts_saved_alone_is_small_and_in_the_layout_of_PEFT()
    {
        using FitResult fitted = Fit(SmallText.Create(), _texts, seed: 1);
        fitted.Model.Adapter!.Save(_folder);
        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(_folder, "adapter_model.safetensors"));
        Assert.Contains("base_model.model.encoder.layer.0.attention.self.query.lora_A.weight", file.Tensors.Keys);
        Assert.Contains("\"task_type\": \"FEATURE_EXTRACTION\"", File.ReadAllText(Path.Combine(_folder, "adapter_config.json")), StringComparison.Ordinal);
        Assert.Equal(fitted.Model.Adapter.Parameters, file.Tensors.Values.Sum(tensor => tensor.Count));
        using TrainedModel loaded = ClassifierAdapter.Load(_folder, SmallText.Create());
        Assert.Equal(Answers(fitted.Model, _texts), Answers(loaded, _texts));
    }

    [Fact]
    public void Two_adapters_and_the_bare_backbone_answer_on_eight_threads_as_each_alone()
    {
        Backbone backbone = SmallText.Create();
        using FeatureCache cache = new();
        using FitResult bare = new Learner(backbone, SmallBackbone.Compute, cache).Fit(TransferStrategy.Frozen(), _texts.Train, _texts.Classes, seed: 1);
        List<TrainedModel> models = [bare.Model];
        List<IReadOnlyList<float[]>> alone = [Answers(bare.Model, _texts)];
        foreach (int seed in new[] { 1, 2 })
        {
            using FitResult fitted = Fit(backbone, _texts, seed);
            string folder = Path.Combine(_folder, $"{seed}");
            fitted.Model.Adapter!.Save(folder);
            models.Add(ClassifierAdapter.Load(folder, backbone, cache));
            alone.Add(Answers(fitted.Model, _texts));
        }

        Assert.Equal(3, alone.Select(answer => answer[0][0]).Distinct().Count());
        Assert.Single(models.Select(model => ((NetworkModel)model).Network.Backbone).Distinct());
        Parallel.For(0, 6 * Threads, new() { MaxDegreeOfParallelism = Threads }, i => Assert.Equal(alone[i % 3], Answers(models[i % 3], _texts)));
        Assert.Contains("Other models", Assert.Throws<InvalidOperationException>(models[1].Adapter!.Merge).Message, StringComparison.Ordinal);

        for (int i = 0; i < 3; i++) // Features that one of them left in the cache are not taken for another's.
        {
            Assert.Equal(alone[i].Select(row => Array.IndexOf(row, row.Max())), models[i].PredictCached(cache, _texts.Test, progress: null, default).Labels);
        }

        Assert.Equal(3, cache.Count / _texts.Test.Count - (_texts.Train.Count / _texts.Test.Count));
        models[1].Dispose();
        Assert.Equal(alone[2], Answers(models[2], _texts));
        models[2].Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Merging_changes_no_answer_and_unmerging_gives_every_bit_back(bool images)
    {
        using SmallTask? drawn = images ? new() : null;
        LabeledData data = drawn?.Data ?? _texts;
        using FitResult fitted = Fit(images ? SmallBackbone.Create() : SmallText.Create(), data, seed: 1);
        ClassifierAdapter adapter = fitted.Model.Adapter!;
        nn.Module weights = ((NetworkModel)fitted.Model).Network.Backbone.Module;
        Dictionary<string, byte[]> before = SmallBackbone.Bits(weights);
        IReadOnlyList<float[]> beside = Answers(fitted.Model, data);

        adapter.Merge();
        adapter.Merge(); // Once is enough.
        Assert.Contains(before, pair => !pair.Value.SequenceEqual(SmallBackbone.Bits(weights)[pair.Key]));
        Close(beside, Answers(fitted.Model, data));
        Assert.Contains("unmerge it", Assert.Throws<InvalidOperationException>(() => adapter.Save(_folder)).Message, StringComparison.Ordinal);
        Assert.Contains("unmerge it", Assert.Throws<InvalidOperationException>(() => adapter.IsOn = false).Message, StringComparison.Ordinal);

        adapter.Unmerge();
        Assert.Equal(before, SmallBackbone.Bits(weights));
        Assert.Equal(beside, Answers(fitted.Model, data));
    }

    [Fact]
    public void Switched_off_the_head_sees_the_bare_backbone_and_a_saved_model_predicts_as_the_one_that_was_saved()
    {
        using FitResult fitted = Fit(SmallText.Create(), _texts, seed: 1);
        IReadOnlyList<float[]> on = Answers(fitted.Model, _texts);
        string path = Path.Combine(_folder, "model.safetensors");
        fitted.Model.Save(path);
        using (TrainedModel loaded = ModelFile.Load(path))
        {
            Close(on, Answers(loaded, _texts));
            Assert.Null(loaded.Adapter);
        }

        fitted.Model.Adapter!.IsOn = false;
        IReadOnlyList<float[]> off = Answers(fitted.Model, _texts);
        Assert.NotEqual(on, off);
        fitted.Model.Save(path);
        using (TrainedModel loaded = ModelFile.Load(path))
        {
            Assert.Equal(off, Answers(loaded, _texts));
        }

        fitted.Model.Adapter.IsOn = true;
        Assert.Equal(on, Answers(fitted.Model, _texts));
    }

    [Fact]
    public void Other_weights_and_another_s_head_are_refused_in_one_line()
    {
        string other = Path.Combine(_folder, "other");
        using (FitResult first = Fit(SmallText.Create(), _texts, seed: 1), second = Fit(SmallText.Create(), _texts, seed: 2))
        {
            first.Model.Adapter!.Save(_folder);
            second.Model.Adapter!.Save(other);
        }

        Backbone moved = SmallText.Create() with
        {
            LoadWeights = module =>
            {
                using IDisposable noGradient = no_grad();
                module.parameters().Last().add_(1e-3);
            },
        };
        Assert.Contains("other weights (of 'small-text')", Refusal(() => ClassifierAdapter.Load(_folder, moved)), StringComparison.Ordinal);
        Assert.Contains("other weights", Refusal(() => ClassifierAdapter.Load(_folder, SmallBackbone.Create())), StringComparison.Ordinal);
        Assert.Contains("needs its backbone", Refusal(() => ModelFile.Load(Path.Combine(_folder, "head.safetensors"))), StringComparison.Ordinal);
        File.Copy(Path.Combine(other, "adapter_model.safetensors"), Path.Combine(_folder, "adapter_model.safetensors"), overwrite: true);
        Assert.Contains("another adapter", Refusal(() => ClassifierAdapter.Load(_folder, SmallText.Create())), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_the_weights_trained_before_the_adapter_it_is_not_saved_alone()
    {
        TransferStrategy strategy = Kept();
        strategy = strategy with { Phases = [strategy.Phases[0] with { Lora = null }, .. strategy.Phases] };
        using FitResult fitted = new Learner(SmallText.Create(), SmallBackbone.Compute, new()).Fit(strategy, _texts.Train, _texts.Classes, seed: 1);
        string message = Assert.Throws<InvalidOperationException>(() => fitted.Model.Adapter!.Save(_folder)).Message;
        Assert.Contains("save the whole model", message, StringComparison.Ordinal);
    }

    private static TransferStrategy Kept(Normalization normalization = Normalization.Fixed)
    {
        TransferStrategy strategy = TransferStrategy.LowRank(new() { Rank = 2, Alpha = 4, Merge = AdapterMerge.Keep });
        return strategy with { Phases = [.. strategy.Phases.Select(phase => phase with { Epochs = 2, LearningRate = 2e-2, Normalization = normalization })] };
    }

    private static FitResult Fit(Backbone backbone, LabeledData data, int seed, Normalization normalization = Normalization.Fixed) =>
        new Learner(backbone, SmallBackbone.Compute, new()).Fit(Kept(normalization), data.Train, data.Classes, seed);

    private static IReadOnlyList<float[]> Answers(TrainedModel model, LabeledData data) => model.Predict(data.Test).Probabilities;

    private static void Close(IReadOnlyList<float[]> expected, IReadOnlyList<float[]> found) =>
        Assert.All(expected.Zip(found), pair => Assert.All(pair.First.Zip(pair.Second), value => Assert.Equal(value.First, value.Second, 1e-4f)));

    private static string Refusal(Action action)
    {
        string message = Assert.Throws<WeightsException>(action).Message;
        Assert.DoesNotContain('\n', message);
        return message;
    }
}
