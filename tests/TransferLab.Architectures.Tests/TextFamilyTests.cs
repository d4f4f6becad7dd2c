using TorchSharp;
using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Prediction;
using TransferLab.Runtime;
using TransferLab.Strategies;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Architectures.Tests;

/// <summary>Every family of encoders of texts trains by every kind of strategy, is saved, loaded and exported, and computes in bfloat16.</summary>
public sealed class TextFamilyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("families-").FullName;
    private readonly LabeledData _data;

    public TextFamilyTests()
    {
        LibTorch.Load();
        Example[] all = [.. GoldenTexts.Topics.SelectMany((texts, label) => texts.Select((text, i) => new Example($"{label}{i}", text, label)))];
        _data = new()
        {
            Name = "topics",
            Classes = ["late", "broken", "money"],
            Train = [.. all.Where((_, i) => i % 6 < 4)],
            Test = [.. all.Where((_, i) => i % 6 >= 4)],
        };
    }

    public static TheoryData<string> Families => TextNetworkTests.Families;

    [Theory]
    [MemberData(nameof(Families))]
    public void A_family_trains_by_low_rank_and_in_full_and_its_file_and_its_ONNX_export_predict_the_same(string family)
    {
        using GoldenNetwork golden = new GoldenNetwork(family).Write().WithTokenizer();
        Backbone backbone =
            PublishedFiles.Open(golden.Folder, new() { Pooling = family == "roberta" ? Pooling.Last : family == "electra" ? Pooling.First : null });
        FamilyChecks.TrainsSavesAndExports(backbone, _data, _folder,
            [TransferStrategy.Full(), TransferStrategy.LowRank(), TransferStrategy.BitFit(), TransferStrategy.Frozen()], OnnxTokenizer.Provide);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_family_computes_nearly_the_same_in_bfloat16_and_with_weights_prepared_for_many_batches(string family)
    {
        using GoldenNetwork golden = new GoldenNetwork(family).Write().WithTokenizer();
        Backbone backbone = PublishedFiles.Open(golden.Folder);
        using BackboneNetwork network = backbone.CreatePretrained();
        network.Module.eval();
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        using Tensor raw = backbone.Encoder.Encode(_data.Test, null, default);
        Tensor Features(ScalarType type) => network.Prefix(backbone.Encoder.Normalize(raw, CPU, type), network.Groups.Count).Values;
        Tensor single = Features(ScalarType.Float32);
        using (network.Hold(network.Groups.Count, ScalarType.BFloat16))
        {
            Assert.InRange(nn.functional.cosine_similarity(Features(ScalarType.BFloat16), single, dim: 1).min().item<float>(), 0.999, 1.001);
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Padding_does_not_change_features(string family)
    {
        using GoldenNetwork golden = new GoldenNetwork(family).Write().WithTokenizer();
        Backbone backbone = PublishedFiles.Open(golden.Folder);
        using BackboneNetwork network = backbone.CreatePretrained();
        network.Module.eval();
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor Features(params Example[] texts) =>
            network.Prefix(backbone.Encoder.Normalize(backbone.Encoder.Encode(texts, null, default), CPU, ScalarType.Float32), network.Groups.Count).Values;
        Example[] two = [_data.Train[3], _data.Test[0]]; // 5 and 14 tokens: further apart than a window sees.
        Tensor together = Features(two), alone = Features(two[0]);
        Assert.InRange((together[0] - alone[0]).abs().max().item<float>(), 0, 1e-5);
    }

    [Fact]
    public void An_exported_model_without_the_tokenizers_says_what_it_needs()
    {
        using GoldenNetwork golden = new GoldenNetwork("bert").Write().WithTokenizer();
        using Fitted fitted = new Learner(PublishedFiles.Open(golden.Folder), new(CPU, ScalarType.Float32), new()).Fit(TransferStrategy.Frozen(), _data.Train,
            _data.Classes, seed: 1);
        string onnx = Path.Combine(_folder, "model.onnx");
        fitted.Model.ExportOnnx(onnx);
        using OnnxModel model = OnnxModel.Load(onnx);
        Assert.Contains("OnnxModel.Tokenizer", Assert.Throws<DataException>(() => model.Predict(["late"])).Message, StringComparison.Ordinal);
        TextTokenizer tokenizer = TextTokenizer.FromFolder(golden.Folder);
        model.Tokenizer = text => tokenizer.Encode(text);
        Assert.Equal(fitted.Model.Predict([_data.Test[0]]).Probabilities[0].Length, model.Predict([_data.Test[0].Source])[0].Length);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
