using TorchSharp;
using TransferLab.Comparison;
using TransferLab.Comparison.Inspection;
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
        _data = GoldenTexts.Data();
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
        using (network.CastWeights(network.Groups.Count, ScalarType.BFloat16))
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

    [Theory]
    [MemberData(nameof(Families))]
    [InlineData("llama")]
    public void A_family_tells_which_words_spoke_for_a_class(string family)
    {
        const string text = "  my parcel  is late <b> 소포 어디에";
        using GoldenNetwork golden = new GoldenNetwork(family).Write().WithTokenizer();
        Backbone backbone = PublishedFiles.Open(golden.Folder);
        TextEncoder encoder = (TextEncoder)backbone.Encoder;
        using TransferNetwork network = new(backbone.CreatePretrained(), 3, seed: 4);
        ComputeDevice compute = new(CPU, ScalarType.Float32);

        float[] scores = TokenEvidence.Scores(network, encoder, compute, text, 1, 0, default)!;
        IReadOnlyList<WordEvidence> words = TokenEvidence.Words(network, encoder, compute, text, 1, 0, default)!;
        IReadOnlyList<WordEvidence> cut = TokenEvidence.Words(network, encoder.WithMaxTokens(6), compute, text, 1, 0, default)!;

        // What the lead of the one class loses when a token's embedding fades a little is what the gradient says.
        float most = scores.Max(Math.Abs);
        Assert.True(most > 0);
        Assert.All(scores, (score, token) => Assert.InRange((Lead(token, 1.01f) - Lead(token, 0.99f)) / 0.02f, score - (0.01f * most), score + (0.01f * most)));
        Assert.Equal(["  my ", "parcel  ", "is ", "late ", "<b> ", "소포 ", "어디에"], words.Select(word => word.Text));
        Assert.Equal(1, words.Max(word => Math.Abs(word.Weight!.Value)));
        Assert.Equal(text, string.Concat(cut.Select(word => word.Text)));
        Assert.Null(cut[^1].Weight);
        Assert.NotNull(cut[0].Weight);
        Assert.All(network.Backbone.Module.parameters(), parameter => Assert.Null(parameter.grad));

        float Lead(int token, float times)
        {
            using IDisposable noGradient = no_grad();
            using DisposeScope scope = NewDisposeScope();
            int groups = network.Backbone.Groups.Count;
            Tensor raw = encoder.Encode([new Example("", text, 0)], null, default);
            Batch embedded = network.Backbone.Forward(encoder.Normalize(raw, CPU, ScalarType.Float32), 0, 1);
            Tensor values = embedded.Values.clone();
            values[0, token].mul_(times);
            Tensor logits = network.Logits(network.Backbone.Pool(network.Backbone.Forward(embedded with { Values = values }, 1, groups)), groups)[0];
            return logits[1].item<float>() - logits[0].item<float>();
        }
    }

    [Fact]
    public void An_exported_model_without_the_tokenizers_says_what_it_needs()
    {
        using GoldenNetwork golden = new GoldenNetwork("bert").Write().WithTokenizer();
        using FitResult fitted =
            new Learner(PublishedFiles.Open(golden.Folder), new(CPU, ScalarType.Float32), new())
                .Fit(TransferStrategy.Frozen(), _data.Train, _data.Classes, seed: 1);
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
