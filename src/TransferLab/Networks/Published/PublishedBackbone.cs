using TransferLab.Networks.Architectures;
using TransferLab.Networks.Weights;

namespace TransferLab.Networks;

/// <summary>What an architecture made of a published model: all that a backbone needs.</summary>
internal sealed record PublishedBackbone
{
    /// <summary>The network, to be built again from its text.</summary>
    public required ArchitectureDescription Architecture { get; init; }

    /// <summary>How inputs reach it, from the model's own configuration or the family's usual settings.</summary>
    public required InputEncoder Encoder { get; init; }

    /// <summary>
    /// The tensors under the network's own names and in its shapes: a view (<see cref="MappedWeights"/>) over <see cref="PublishedModel.Weights"/>, read when
    /// the network is filled. Every tensor of the file is in it, or left out by name.
    /// </summary>
    public required IWeightFile Weights { get; init; }

    /// <summary>What was assumed because the files do not say it, for people: "images x / 127.5 - 1, the usual of Keras"; empty where nothing was.</summary>
    public string Assumed { get; init; } = "";

    /// <summary>The architecture in a few words, for the card: "MobileNetV2, width 0.35, 1,280 features".</summary>
    public required string Title { get; init; }
}
