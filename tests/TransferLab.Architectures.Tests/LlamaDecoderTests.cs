using TorchSharp;
using TransferLab.Networks;
using TransferLab.Networks.Architectures;
using static TorchSharp.torch;

namespace TransferLab.Architectures.Tests;

/// <summary>The quick way to the next token beside the network's own.</summary>
public sealed class LlamaDecoderTests
{
    private const int Read = 3;

    [Theory]
    [InlineData("llama", false)]
    [InlineData("llama", true)]
    [InlineData("llama-untied", false)]
    [InlineData("llama3-rope", false)]
    [InlineData("mistral", false)]
    [InlineData("qwen2", true)]
    [InlineData("qwen3", false)]
    public void Token_by_token_it_gives_the_logits_of_the_network(string name, bool adapted)
    {
        using GoldenNetwork golden = new GoldenNetwork(name).Write();
        using TransferNetwork network = LlamaGoldenTests.Load(golden.Folder);
        network.Evaluate();
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        if (adapted)
        {
            AdapterSet adapters = new(network.Backbone, 4, 8, _ => true, name => name.Contains("proj", StringComparison.Ordinal), seed: 1);
            adapters.Updates.ToList().ForEach(update => update.Value.Up.copy_(GoldenNetwork.Fill(update.Key, update.Value.Up.shape)));
            network.Adapt(adapters);
        }

        Tensor ids = golden.Ids![..1];
        Tensor expected = network.Head.Forward(network.Hidden(ids, 0)[0]);                  // (T, vocabulary)
        using KeyValueCache cache = new(network.Backbone.Groups.Count, (int)ids.shape[1]);
        _ = network.Hidden(new Batch(ids[.., ..Read]) with { Cache = cache, Type = ScalarType.Float32 }, 0);
        cache.Advance(Read);
        using LlamaDecoder decoder = LlamaDecoder.From(network, ScalarType.Float32, cache)!;
        for (int i = Read; i < ids.shape[1]; i++)
        {
            Tensor found = tensor(decoder.Next(ids[0, i].item<long>()).ToArray());
            Assert.True((found - expected[i]).abs().max().item<float>() <= 1e-4f * expected[i].abs().max().item<float>(),
                $"position {i}: off by {(found - expected[i]).abs().max().item<float>()}");
        }

        Assert.Throws<InvalidOperationException>(() => decoder.Next(0).Length);
    }

    [Theory]
    [InlineData(ScalarType.Float32, 7, 36)]
    [InlineData(ScalarType.BFloat16, 7, 36)]
    [InlineData(ScalarType.BFloat16, 301, 577)]
    [InlineData(ScalarType.Float32, 2050, 64)]
    public unsafe void A_product_is_that_of_the_library(ScalarType type, int rows, int columns)
    {
        Runtime.LibTorch.Load();
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = new(1);
        Tensor weight = randn([rows, columns], generator: generator).to(type), x = randn([columns], generator: generator);
        float[] input = x.data<float>().ToArray(), output = new float[rows], alone = new float[rows];
        fixed (float* from = input, to = output, single = alone)
        {
            new RowMatrix(weight).Multiply(from, to, threads: 2);
            new RowMatrix(weight).Multiply(from, single, threads: 1);
        }

        Assert.Equal(alone, output);
        Assert.True(weight.to(ScalarType.Float32).mv(x).allclose(tensor(output), 1e-4, 1e-3));
    }
}
