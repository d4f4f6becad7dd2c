using TransferLab.Networks.Architectures;
using TransferLab.Networks.Weights;

namespace TransferLab.Networks;

/// <summary>What an architecture made of a published language model: body and output layer, without tokenizer and template.</summary>
internal sealed record PublishedLanguageModel
{
    /// <summary>The network, to be built again from its text.</summary>
    public required ArchitectureDescription Architecture { get; init; }

    /// <summary>The tensors under the network's own names, the output layer's among them unless it is tied.</summary>
    public required IWeightFile Weights { get; init; }

    /// <summary>The architecture in a few words.</summary>
    public required string Title { get; init; }

    /// <summary>Longest text, tokens.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>Rows of the output layer.</summary>
    public required int Vocabulary { get; init; }
}
