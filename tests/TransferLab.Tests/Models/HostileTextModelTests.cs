using TorchSharp;
using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Networks.Weights;
using TransferLab.Strategies;
using TransferLab.Tests.Reporting;
using TransferLab.Tests.Training;
using static TorchSharp.torch;

namespace TransferLab.Tests.Models;

/// <summary>Files of text models whose parts do not fit each other.</summary>
[Collection(TorchCollection.Name)]
public sealed class HostileTextModelTests : IDisposable
{
    private static readonly Backbone s_backbone = SmallText.Create();
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("text.tokens", "33", "33 tokens")]
    [InlineData("transferlab.architecture", "bert-2-16-2-65-19-32-2-mean", "intermediate.dense.weight")]
    [InlineData("transferlab.architecture", "bert-9999999-16-2-64-19-32-2-mean", "encoder.layer.2.")]
    [InlineData("transferlab.architecture", "bert-2-16-2-64-18-32-2-mean", "19 pieces")]
    [InlineData("transferlab.architecture", "bert-2-16-3-64-19-32-2-mean", "architecture")]
    [InlineData("transferlab.classes", "[\"a\",\"b\"]", "'head.weight'")]
    [InlineData("transferlab.classes", "[]", "class names")]
    public void Metadata_that_do_not_fit_the_weights_are_refused(string key, string value, string named) =>
        Assert.Contains(named, Refusal(Changed("frozen", key, value)), StringComparison.Ordinal);

    [Fact]
    public void A_vocabulary_larger_than_the_table_of_words_is_refused() =>
        Assert.Contains("20 pieces", Refusal(Changed("frozen", "text.vocabulary", ((TextEncoder)s_backbone.Encoder).WordPieces!.Vocabulary + "\nmore")),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("encoder.layer.0.attention.self.query.weight")]
    [InlineData("encoder.layer.1.attention.self.value.weight")]
    [InlineData("encoder.layer.1.attention.output.dense.weight")]
    [InlineData("encoder.layer.0.intermediate.dense.weight")]
    public void A_matrix_of_another_shape_is_named(string name) =>
        Assert.Contains($"'{name}'", Refusal(Changed("frozen", change: (tensor, value) => tensor == name ? value.reshape(-1, 8) : value)),
            StringComparison.Ordinal);

    [Fact]
    public void A_head_of_no_classes_is_refused_for_training_to_continue()
    {
        string path =
            Changed("frozen", "transferlab.classes", "[]", (name, value) => name switch { "head.weight" => zeros(0, 16), "head.bias" => zeros(0), _ => value });
        Assert.Contains("class names", Assert.Throws<WeightsException>(() => HeadWeights.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_index_of_which_nobody_votes_is_refused() =>
        Assert.Contains("index", Refusal(Changed("knn", "transferlab.index.neighbours", "0")), StringComparison.Ordinal);

    [Theory]
    [InlineData("frozen")]
    [InlineData("knn")]
    public void A_file_that_is_written_again_without_a_change_is_read(string strategy) =>
        ModelFile.Load(Changed(strategy), SmallBackbone.Compute).Dispose();

    private static string Refusal(string path) => Assert.Throws<WeightsException>(() => ModelFile.Load(path, SmallBackbone.Compute)).Message;

    /// <summary>Saves a model, and writes it again with a text of its metadata or tensors changed.</summary>
    private string Changed(string strategy, string? key = null, string value = "", Func<string, Tensor, Tensor>? change = null)
    {
        LabeledData task = SmallText.Task();
        string saved = Path.Combine(_folder.Path, "saved.safetensors"), changed = Path.Combine(_folder.Path, "changed.safetensors");
        using (FitResult fitted = new Learner(s_backbone, SmallBackbone.Compute, new()).Fit(StrategyCatalog.Find(strategy), task.Train, task.Classes, seed: 1))
        {
            fitted.Model.Save(saved);
        }

        using SafetensorsFile file = SafetensorsFile.Open(saved);
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, string> metadata = new(file.Metadata);
        if (key is not null)
        {
            Assert.True(metadata.ContainsKey(key));
            metadata[key] = value;
        }

        SafetensorsWriter.Write(changed, file.Tensors.Keys.Select(name => (name, change?.Invoke(name, file.Read(name)) ?? file.Read(name))), metadata);
        return changed;
    }
}
