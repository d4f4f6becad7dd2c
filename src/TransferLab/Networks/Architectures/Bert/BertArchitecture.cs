using System.Globalization;
using System.Text.RegularExpressions;
using TransferLab.Networks.Onnx;
using TransferLab.Networks.Weights;
using static TorchSharp.torch;

namespace TransferLab.Networks.Architectures;

/// <summary>
/// BERT and its family (<see cref="BertNetwork"/>): DistilBERT, RoBERTa, XLM-R, CamemBERT, ELECTRA, MPNet. Packaged BERTs are described by their sizes and
/// pooling: <c>bert-6-384-12-1536-30522-512-2-mean</c>.
/// </summary>
internal sealed partial class BertArchitecture : ShapedArchitecture<BertShape>
{
    private const int MostLayers = 1024, MostWidth = 1 << 16, MostVocabulary = 1 << 21, MostPositions = 1 << 20;

    /// <inheritdoc/>
    public override string Name => "bert";

    /// <inheritdoc/>
    public override Recipe Recipe => Recipe.Transformer;

    /// <summary>A BERT as packaged. Its description: layers, width, heads, feed-forward width, vocabulary, positions, token types, pooling.</summary>
    public static ArchitectureDescription Of(BertShape shape, Pooling pooling) => new(new BertArchitecture(), string.Create(CultureInfo.InvariantCulture,
        $"bert-{shape.Layers}-{shape.Width}-{shape.Heads}-{shape.FeedForward}-{shape.Vocabulary}-{shape.Positions}-{shape.TokenTypes}-"
            + $"{(pooling == Pooling.Mean ? "mean" : "first")}"));

    /// <summary>Builds it with random weights.</summary>
    public static BackboneNetwork Build(BertShape shape, Pooling pooling)
    {
        BertNetwork network = new(shape);
        return new(network, network.Groups, shape.Width) { FollowsInputType = true, Pooling = pooling };
    }

    /// <inheritdoc/>
    public override BackboneNetwork Build(BertShape shape) => Build(shape, shape.Pooling);

    /// <inheritdoc/>
    public override string? ParameterName(string published) => BertNames.Of(published);

    /// <inheritdoc/>
    /// <remarks>All matrices must be there, and the encoder's longest texts and its vocabulary must fit the tables of positions and words.</remarks>
    public override void Check(SafetensorsFile file, string description, InputEncoder encoder)
    {
        BertShape shape = Parse(description)!;
        TextEncoderFit.Check(file.Path, description, encoder, shape.LongestText, shape.Vocabulary);
        base.Check(file, description, encoder);
    }

    /// <inheritdoc/>
    internal override PublishedBackbone? Recognize(PublishedModel model)
    {
        if (model.Config is not { } config)
        {
            return !BertConfig.IsLike(model.Weights) ? null
                : throw new WeightsException(
                    $"{model.Path}: is an encoder of texts, whose sizes config.json says, and there is none beside it; take the whole folder.");
        }

        if (BertConfig.Shape(config) is not { } shape)
        {
            return null;
        }

        if (!IsSound(shape))
        {
            throw new WeightsException(
                $"{config.File}: its sizes do not go together ({shape.Layers} layers, width {shape.Width}, {shape.Heads} heads, {shape.Positions} positions "
                    + $"from {shape.FirstPosition}); the configuration is damaged.");
        }

        PublishedTexts texts = PublishedTexts.Of(model, shape.LongestText, shape.Vocabulary);
        return new()
        {
            Architecture = Of(shape with { Pooling = texts.Pooling }),
            Encoder = texts.Encoder,
            Weights = new MappedWeights(model.Weights).Rename(BertNames.Of),
            Assumed = texts.Assumed,
            Title = Title(shape),
        };
    }

    /// <inheritdoc/>
    internal override string AddTo(OnnxGraph graph, IReadOnlyDictionary<string, Tensor> state, string description, InputEncoder encoder) =>
        encoder is TextEncoder texts
        ? new BertGraph(graph, state, Parse(description)!, texts.MaxTokens).Add()
        : throw new NotSupportedException("A BERT is written as ONNX for texts alone.");

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, long[] Shape)> Matrices(BertShape shape) => shape.Tensors().Where(tensor => tensor.Shape.Length == 2);

    /// <inheritdoc/>
    protected override bool IsSound(BertShape shape) =>
        shape is
        {
            Layers: > 0 and <= MostLayers, Width: > 0 and <= MostWidth, Heads: > 0, FeedForward: > 0 and <= 16 * MostWidth, Vocabulary: > 1
            and <= MostVocabulary
        }
        && shape is
        {
            Positions: > 0 and <= MostPositions, FirstPosition: >= 0, TokenTypes: >= 0 and <= MostLayers, Epsilon: > 0 and < 1, Dropout: >= 0
            and < 1
        }
        && shape is { EmbeddingWidth: null or (> 0 and <= MostWidth), RelativeBuckets: null or (>= 4 and <= 4096) } && Enum.IsDefined(shape.Activation)
            && Enum.IsDefined(shape.Pooling)
        && shape.Width % shape.Heads == 0 && shape.LongestText > 2 && (shape.RelativeBuckets ?? 4) % 2 == 0 && shape.Type is { Length: < 32 };

    /// <inheritdoc/>
    protected override BertShape? ParseOlder(string description)
    {
        Match match = Pattern().Match(description);
        if (!match.Success)
        {
            return null;
        }

        int[] n = [.. match.Groups[1].Captures.Select(capture => int.Parse(capture.ValueSpan, CultureInfo.InvariantCulture))];
        Pooling pooling = match.Groups[2].ValueSpan is "mean" ? Pooling.Mean : Pooling.First;
        BertShape shape = new()
        {
            Layers = n[0],
            Width = n[1],
            Heads = n[2],
            Intermediate = n[3],
            Vocabulary = n[4],
            Positions = n[5],
            TokenTypes = n[6],
            Pooling = pooling,
        };
        return shape.Width % shape.Heads == 0 ? shape : null;
    }

    private static string Title(BertShape shape)
    {
        string family = shape.Type switch
        {
            "distilbert" => "DistilBERT",
            "roberta" => "RoBERTa",
            "xlm-roberta" => "XLM-R",
            "camembert" => "CamemBERT",
            "electra" => "ELECTRA",
            "mpnet" => "MPNet",
            _ => "BERT",
        };
        long parameters = shape.Tensors().Sum(tensor => tensor.Shape.Aggregate(1L, (product, size) => product * size));
        return string.Create(CultureInfo.InvariantCulture,
            $"{family}: {shape.Layers} layers of width {shape.Width}, {shape.Heads} heads, {parameters:N0} parameters");
    }

    [GeneratedRegex("^bert(?:-([1-9][0-9]{0,6})){7}-(mean|first)$")]
    private static partial Regex Pattern();
}
