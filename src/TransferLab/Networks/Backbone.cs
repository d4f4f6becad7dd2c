using TorchSharp;
using TransferLab.Networks.Architectures;
using TransferLab.Networks.Weights;
using TransferLab.Runtime;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks;

/// <summary>
/// A pretrained network as a recipe: how to build it, how to fill in its weights, how inputs reach it, and where it comes from. It holds no
/// tensors; every run builds a network of its own.
/// </summary>
/// <example>
/// A network of a user's own becomes a backbone in a few lines:
/// <code>
/// var mine = new Backbone
/// {
///     Card = new() { Name = "mine" },
///     Build = () => { var net = new MyNet(); return new BackboneNetwork(net, [new("stem", net.stem), new("body", net.body)], featureWidth: 128); },
///     LoadWeights = net => net.load("mine.dat"),
///     Encoder = new ImageEncoder(96),
/// };
/// </code>
/// </example>
public sealed record Backbone
{
    /// <summary>Where it comes from.</summary>
    public required BackboneCard Card { get; init; }

    /// <summary>Builds the network with random weights drawn from torch's generator. The caller owns it.</summary>
    public required Func<BackboneNetwork> Build { get; init; }

    /// <summary>Fills the pretrained weights into a network that <see cref="Build"/> made.</summary>
    public required Action<Module> LoadWeights { get; init; }

    /// <summary>How inputs reach it.</summary>
    public required InputEncoder Encoder { get; init; }

    /// <summary>The learning rates that suit it.</summary>
    public Recipe Recipe { get; init; } = Recipe.Convolutional;

    /// <summary>What a saved model holds of the network, so that it can be built again. Null where its models cannot be saved.</summary>
    public ArchitectureDescription? Architecture { get; init; }

    /// <summary>
    /// Why its weights neither train nor start at random, as the end of a sentence: "an ONNX file, which runs as it is". Null where they do. Strategies that
    /// would move them, and controls that would make them random, are refused before any work.
    /// </summary>
    public string? FrozenOnly { get; init; }

    /// <summary>Whether <see cref="LoadWeights"/> fills every parameter or fails, so that none needs a first value.</summary>
    internal bool FillsAll { get; init; }

    /// <summary>Numbers in its file of weights; null where it is of no file.</summary>
    public long? Values { get; init; }

    /// <summary>Builds the network with its pretrained weights. The caller owns it.</summary>
    /// <exception cref="WeightsException">The weights are missing, damaged or do not fit.</exception>
    public BackboneNetwork CreatePretrained()
    {
        BackboneNetwork network;
        using (FillsAll ? FirstWeights.AreRead() : null)
        {
            network = CreateRandom(seed: 0);
        }

        try
        {
            LoadWeights(network.Module);
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive); // A file's bytes are as large as the network, and would stay resident for long.
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Builds its random twin: the same network without pretraining, the control of every claim for transfer.</summary>
    public BackboneNetwork CreateRandom(int seed)
    {
        LibTorch.Load();
        using (RandomState.Seeded(seed))
        {
            return Build();
        }
    }
}
