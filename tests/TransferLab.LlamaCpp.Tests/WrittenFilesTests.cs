using TorchSharp;
using TransferLab.Architectures.Tests;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Networks.Architectures;
using TransferLab.Networks.Weights;
using static TorchSharp.torch;

namespace TransferLab.LlamaCpp.Tests;

/// <summary>Networks whose outputs transformers computed, written as GGUF by us and run by llama.cpp.</summary>
public sealed class WrittenFilesTests
{
    private const double Tolerance = 1e-3;

    [Theory]
    [InlineData("llama")]
    [InlineData("llama-untied")]
    [InlineData("llama3-rope")]
    [InlineData("qwen2")]
    [InlineData("qwen3")]
    public void Llama_cpp_computes_what_transformers_does(string name)
    {
        using GoldenNetwork golden = new GoldenNetwork(name).Write();
        string file = Path.Combine(golden.Folder, "network.gguf");
        using TransferNetwork network = Write(golden.Folder, file, out _);
        using DisposeScope scope = NewDisposeScope();
        Tensor ids = golden.Ids!, ours = network.Head.Forward(network.Hidden(ids, 0));
        golden.AssertOutput("logits", ours);

        using LlamaCpp other = new(file);
        for (int row = 0; row < ids.shape[0]; row++)
        {
            AssertNear(ours[row], other.Logits([.. ids[row].data<long>()]));
        }
    }

    [Theory]
    [InlineData("llama")]
    [InlineData("llama3-rope")]
    [InlineData("qwen2")]
    [InlineData("qwen3")]
    public void An_adapter_over_the_file_that_was_tuned_computes_the_same_in_llama_cpp(string name)
    {
        using GoldenNetwork golden = new GoldenNetwork(name).Write();
        string file = Path.Combine(golden.Folder, "network.gguf"), adapter = Path.Combine(golden.Folder, "adapter.gguf");
        using TransferNetwork network = Write(golden.Folder, file, out LanguageModelFiles files);
        using DisposeScope scope = NewDisposeScope();
        AdapterSet adapters = new(network.Backbone, rank: 4, alpha: 8, _ => true, _ => true, seed: 1);
        network.Adapt(adapters);
        using (no_grad())
        {
            foreach ((string layer, LowRankLayer update) in adapters.Updates)
            {
                update.Up.copy_(GoldenNetwork.Fill(layer + ".lora_B.weight", update.Up.shape) * tensor(0.3f));
            }
        }

        Pairs(files, adapters, file, adapter);
        Tensor ids = golden.Ids!, ours = network.Head.Forward(network.Hidden(ids, 0));
        using LlamaCpp other = new(file, adapter);
        AssertNear(ours[0], other.Logits([.. ids[0].data<long>()]));
        using LlamaCpp bare = new(file);
        Assert.True(Largest(ours[0], bare.Logits([.. ids[0].data<long>()])) > 0.05, "The adapter changes nothing, so that this test could not fail.");
    }

    private static void Pairs(LanguageModelFiles files, AdapterSet adapters, string file, string adapter)
    {
        ArchitectureDescription architecture = files.Model.Architecture;
        using GgufFile opened = GgufFile.Open(file);
        GgufAdapter.Write(adapter, opened, (float)adapters.Alpha, [.. adapters.Updates.Select(pair =>
        {
            (string name, long? heads) = architecture.Architecture.GgufMatrix(architecture.Text, pair.Key)!.Value;
            return new GgufLoraPair(name, pair.Value.Down.detach(), heads is { } paired
                ? RotaryRows.ToPairs(pair.Value.Up.detach(), paired)
                : pair.Value.Up.detach());
        })]);
    }

    private static TransferNetwork Write(string folder, string file, out LanguageModelFiles files)
    {
        using PublishedModel model = PublishedModel.Open(folder);
        PublishedLanguageModel found = Registry.Known.Architectures.Select(architecture => architecture.RecognizeLanguageModel(model)).First(found =>
            found is not null)!;
        files = new() { Path = folder, Card = new() { Name = "golden" }, Model = found, Tokenizer = null!, Template = null, Ends = [], WeightType = "F32" };
        TransferNetwork network = files.CreateNetwork();
        (IReadOnlyList<KeyValuePair<string, object>> metadata, IReadOnlyList<GgufTensor> tensors) =
            found.Architecture.Architecture.ToGguf(found.Architecture.Text, network.State(), "F32");
        GgufWriter.Write(file, [new("general.architecture", metadata[0].Key.Split('.')[0]), .. metadata, new("tokenizer.ggml.model", "no_vocab")], tensors);
        return network;
    }

    private static void AssertNear(Tensor ours, float[][] other)
    {
        double largest = Largest(ours, other);
        Assert.True(largest <= Tolerance, $"largest difference of a logit {largest}");
    }

    private static double Largest(Tensor ours, float[][] other)
    {
        using DisposeScope scope = NewDisposeScope();
        return ours.add(tensor([.. other.SelectMany(row => row)], ours.shape).neg(), 1).abs().max().item<float>();
    }
}
