using System.Globalization;
using System.Text.RegularExpressions;
using TransferLab.Networks.Onnx;
using TransferLab.Networks.Weights;
using static TorchSharp.torch;

namespace TransferLab.Networks.Architectures;

/// <summary>BERTs (<see cref="BertNetwork"/>), described by their sizes and pooling: <c>bert-6-384-12-1536-30522-512-2-mean</c>.</summary>
internal sealed partial class BertArchitecture : Architecture
{
    private static readonly string[] s_square = ["self.query", "self.key", "self.value", "output.dense"];

    /// <inheritdoc/>
    public override string Name => "bert";

    /// <inheritdoc/>
    public override Recipe Recipe => Recipe.Transformer;

    /// <summary>The network of a shape. Its description: layers, width, heads, feed-forward width, vocabulary, positions, token types, pooling.</summary>
    public static ArchitectureDescription Of(BertShape shape, Pooling pooling) => new(new BertArchitecture(), string.Create(CultureInfo.InvariantCulture,
        $"bert-{shape.Layers}-{shape.Width}-{shape.Heads}-{shape.FeedForward}-{shape.Vocabulary}-{shape.Positions}-{shape.TokenTypes}-{(pooling == Pooling.Mean ? "mean" : "first")}"));

    /// <summary>Builds it with random weights.</summary>
    public static BackboneNetwork Build(BertShape shape, Pooling pooling)
    {
        BertNetwork network = new(shape);
        return new(network, network.Groups, shape.Width) { FollowsInputType = true, Pooling = pooling };
    }

    /// <inheritdoc/>
    public override bool Describes(string description) => Parse(description) is not null;

    /// <inheritdoc/>
    public override BackboneNetwork Build(string description) =>
        Parse(description) is var (shape, pooling) ? Build(shape, pooling) : throw new ArgumentException($"'{description}' describes no BERT.");

    /// <inheritdoc/>
    /// <remarks>All matrices must be there, and the encoder's longest texts and its vocabulary must fit the tables of positions and words.</remarks>
    public override void Check(SafetensorsFile file, string description, InputEncoder encoder)
    {
        (BertShape shape, _) = Parse(description)!.Value;
        if (encoder is TextEncoder texts && (texts.MaxTokens > shape.Positions || texts.Pieces > shape.Vocabulary))
        {
            throw new WeightsException(
                $"{file.Path}: texts of {texts.MaxTokens} tokens and a vocabulary of {texts.Pieces} pieces do not fit the architecture '{description}'; the file is damaged.");
        }

        foreach ((string matrix, long[] expected) in Matrices(shape))
        {
            if (!file.Tensors.TryGetValue(matrix, out TensorEntry? entry) || !entry.Shape.SequenceEqual(expected))
            {
                throw new WeightsException($"{file.Path}: '{matrix}' is missing or of another shape than the architecture '{description}' has; the file is damaged.");
            }
        }
    }

    /// <inheritdoc/>
    internal override string AddTo(OnnxGraph graph, IReadOnlyDictionary<string, Tensor> state, string description, InputEncoder encoder)
    {
        (BertShape shape, Pooling pooling) = Parse(description)!.Value;
        return encoder is TextEncoder ? new BertGraph(graph, state, shape, pooling).Add() : throw new NotSupportedException("A BERT is written as ONNX for texts alone.");
    }

    internal static (BertShape Shape, Pooling Pooling)? Parse(string name)
    {
        Match match = Pattern().Match(name);
        if (!match.Success)
        {
            return null;
        }

        int[] n = [.. match.Groups[1].Captures.Select(capture => int.Parse(capture.ValueSpan, CultureInfo.InvariantCulture))];
        BertShape shape = new() { Layers = n[0], Width = n[1], Heads = n[2], Intermediate = n[3], Vocabulary = n[4], Positions = n[5], TokenTypes = n[6] };
        return shape.Width % shape.Heads == 0 ? (shape, match.Groups[2].ValueSpan is "mean" ? Pooling.Mean : Pooling.First) : null;
    }

    /// <summary>Names and shapes of all its matrices, in the order of the network: a file that lacks one is refused at it, however many there would be.</summary>
    private static IEnumerable<(string Name, long[] Shape)> Matrices(BertShape shape)
    {
        (long width, long feedForward) = (shape.Width, shape.FeedForward);
        yield return ("embeddings.word_embeddings.weight", [shape.Vocabulary, width]);
        yield return ("embeddings.position_embeddings.weight", [shape.Positions, width]);
        yield return ("embeddings.token_type_embeddings.weight", [shape.TokenTypes, width]);
        for (int i = 0; i < shape.Layers; i++)
        {
            string layer = $"encoder.layer.{i}.";
            foreach (string square in s_square)
            {
                yield return ($"{layer}attention.{square}.weight", [width, width]);
            }

            yield return (layer + "intermediate.dense.weight", [feedForward, width]);
            yield return (layer + "output.dense.weight", [width, feedForward]);
        }
    }

    [GeneratedRegex("^bert(?:-([1-9][0-9]{0,6})){7}-(mean|first)$")]
    private static partial Regex Pattern();
}
