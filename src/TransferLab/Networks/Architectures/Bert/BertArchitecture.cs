using System.Globalization;
using System.Text.RegularExpressions;
using TransferLab.Networks.Weights;
using TransferLab.Runtime;

namespace TransferLab.Networks.Architectures;

/// <summary>Names and builds BERTs, so that a saved model can say what it is: <c>bert-6-384-12-1536-30522-512-2-mean</c>.</summary>
public static partial class BertArchitecture
{
    private static readonly string[] s_square = ["self.query", "self.key", "self.value", "output.dense"];

    /// <summary>The name: layers, width, heads, feed-forward width, vocabulary, positions, token types, pooling.</summary>
    public static string Name(BertShape shape, Pooling pooling) => string.Create(CultureInfo.InvariantCulture,
        $"bert-{shape.Layers}-{shape.Width}-{shape.Heads}-{shape.FeedForward}-{shape.Vocabulary}-{shape.Positions}-{shape.TokenTypes}-{(pooling == Pooling.Mean ? "mean" : "first")}");

    /// <summary>Builds it with random weights.</summary>
    public static BackboneNetwork Build(BertShape shape, Pooling pooling)
    {
        BertNetwork network = new(shape);
        return new(network, network.Groups, shape.Width) { FollowsInputType = true, Pooling = pooling };
    }

    /// <summary>
    /// Builds the network of a file's weights. A name of a few letters can stand for gigabytes, so the file must hold all matrices before
    /// anything is allocated.
    /// </summary>
    /// <param name="file">Holds the weights.</param>
    /// <param name="name">The architecture.</param>
    /// <param name="encoder">Its longest texts and its vocabulary must fit the tables of positions and words.</param>
    /// <exception cref="WeightsException">The name is not of this family, or the file does not hold the network.</exception>
    internal static BackboneNetwork BuildFor(SafetensorsFile file, string name, TextEncoder encoder)
    {
        (BertShape shape, Pooling pooling) = Parse(name) ?? throw new WeightsException($"{file.Path}: the architecture '{name}' is not known to this version.");
        if (encoder.MaxTokens > shape.Positions || encoder.Pieces > shape.Vocabulary)
        {
            throw new WeightsException($"{file.Path}: texts of {encoder.MaxTokens} tokens and a vocabulary of {encoder.Pieces} pieces do not fit the architecture '{name}'; the file is damaged.");
        }

        foreach ((string matrix, long[] expected) in Matrices(shape))
        {
            if (!file.Tensors.TryGetValue(matrix, out TensorEntry? entry) || !entry.Shape.SequenceEqual(expected))
            {
                throw new WeightsException($"{file.Path}: '{matrix}' is missing or of another shape than the architecture '{name}' has; the file is damaged.");
            }
        }

        using RandomState random = RandomState.Seeded(0);
        return Build(shape, pooling);
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
