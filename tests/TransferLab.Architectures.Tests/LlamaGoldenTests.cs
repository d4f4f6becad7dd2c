using TorchSharp;
using TransferLab.Models;
using TransferLab.Networks;
using static TorchSharp.torch;

namespace TransferLab.Architectures.Tests;

/// <summary>Language models beside transformers: logits, loss, gradients and greedy tokens of networks whose weights a formula gives.</summary>
public sealed class LlamaGoldenTests
{
    [Theory]
    [InlineData("llama")]
    [InlineData("llama-untied")]
    [InlineData("llama3-rope")]
    [InlineData("mistral")]
    [InlineData("qwen2")]
    [InlineData("qwen3")]
    public void Logits_loss_and_gradients_are_those_of_transformers(string name)
    {
        using GoldenNetwork golden = new GoldenNetwork(name).Write();
        using TransferNetwork network = Load(golden.Folder);
        using DisposeScope scope = NewDisposeScope();
        Tensor ids = golden.Ids!, hidden = network.Hidden(ids, 0);
        Tensor logits = network.Head.Forward(hidden);

        golden.AssertOutput("logits", logits);
        golden.AssertOutput("logits of the last position of row 0", logits[0, -1]);
        Tensor loss = nn.functional.cross_entropy(logits[.., ..^1].reshape(-1, network.Outputs), ids[.., 1..].reshape(-1));
        golden.AssertLoss(loss);
        loss.backward();
        Dictionary<string, TorchSharp.Modules.Parameter> parameters = network.Backbone.Module.named_parameters()
            .Concat(network.Head.Modules.SelectMany(item => item.Module.named_parameters().Select(inner => ($"{item.Name}.{inner.name}", inner.parameter))))
            .ToDictionary(item => item.Item1, item => item.Item2);
        Assert.Equal(golden.Rows.Select(row => row.Name).Where(published => published != "lm_head.weight" || !network.Head.IsTied)
            .Order(StringComparer.Ordinal), parameters.Keys.Order(StringComparer.Ordinal));
        golden.AssertGradients(parameter => Math.Pow(parameters[parameter].grad!.norm().item<float>(), 2));
    }

    /// <summary>A model's files without a tokenizer.</summary>
    internal static LanguageModelFiles Files(string path)
    {
        using PublishedModel model = PublishedModel.Open(path);
        PublishedLanguageModel found = Registry.Known.Architectures.Select(architecture => architecture.RecognizeLanguageModel(model)).First(found =>
            found is not null)!;
        return new() { Path = path, Card = new() { Name = "golden" }, Model = found, Tokenizer = null!, Template = null, Ends = [], WeightType = "F32" };
    }

    internal static TransferNetwork Load(string path)
    {
        TransferNetwork network = Files(path).CreateNetwork();
        network.Backbone.Module.train();
        return network;
    }
}
