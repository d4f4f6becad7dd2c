using Microsoft.ML;
using TransferLab.Inference;
using TransferLab.Networks;

namespace TransferLab.Pipelines;

/// <summary>What comes out of a pipeline, and what is refused, before anything is trained. ML.NET's own steps answer: a schema's shape cannot be made outside
/// of it.</summary>
internal static class PipelineSchema
{
    /// <summary>The shape behind a transfer trainer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public static SchemaShape OfClassifier(MLContext ml, SchemaShape input, TransferOptions options)
    {
        Check([.. input.Select(PipelineColumn.Of)], options);
        OutputColumns outputs = new(options, name => input.Any(column => column.Name == name));
        return Through(input,
        [
            .. outputs.Keep(ml),
            .. Vector(ml, [.. input.Select(PipelineColumn.Of)], options.InputColumnName, options.Kind),
            ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(options.LabelColumnName, Columns.Pixels),
            .. outputs.Rename(ml, OutputColumns.Score, options.Kind == InputKind.Image ? [Columns.Image, Columns.Pixels] : [Columns.Pixels]),
        ]);
    }

    /// <summary>The shape behind a featurizer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    public static SchemaShape OfFeaturizer(MLContext ml, SchemaShape input, string inputColumn, string outputColumn, InputKind kind) => Through(input,
    [
        .. Vector(ml, [.. input.Select(PipelineColumn.Of)], inputColumn, kind),
        ml.Transforms.CopyColumns(outputColumn, Columns.Pixels),
        ml.Transforms.DropColumns(kind == InputKind.Image ? [Columns.Image, Columns.Pixels] : [Columns.Pixels]),
    ]);

    /// <summary>Refuses a backbone that a pipeline cannot hold.</summary>
    /// <exception cref="ArgumentException">The message says why.</exception>
    public static void CheckBackbone(Backbone backbone, InputKind kind)
    {
        string name = $"The backbone '{backbone.Card.Name}'";
        string? problem = backbone.Encoder.Kind != kind ? $"{name} reads {backbone.Encoder.Kind}s, not {kind}s; name another."
            : backbone.Architecture is null
                ? $"{name} is not of an architecture that the library can write as ONNX, which a pipeline predicts with; train it with Learner instead."
            : backbone.Encoder is TextEncoder { MaxTokens: > TextTokens.Width } texts
                ? $"{name} reads texts of up to {texts.MaxTokens} tokens, a pipeline of up to {TextTokens.Width}; make it with fewer."
            : null;
        if (problem is not null)
        {
            throw new ArgumentException(problem, nameof(backbone));
        }
    }

    /// <summary>Refuses columns that a transfer trainer cannot use.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public static void Check(IReadOnlyList<PipelineColumn> columns, TransferOptions options)
    {
        PipelineColumn label = Find(columns, options.LabelColumnName, "labels");
        if (label.IsVector || !label.IsNamedKey)
        {
            throw Unusable(
                $"The column '{label.Name}' holds labels of the type {label.Type}, not a key with values; put Conversion.MapValueToKey(\"{label.Name}\") "
                    + $"before the trainer.");
        }

        CheckInput(columns, options.InputColumnName, options.Kind);
    }

    /// <summary>Refuses an input column that a network of a kind cannot read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    public static PipelineColumn CheckInput(IReadOnlyList<PipelineColumn> columns, string input, InputKind kind)
    {
        PipelineColumn column = Find(columns, input, kind + "s");
        return !column.IsVector && (column.IsText || (kind == InputKind.Image && column.IsImage))
            ? column
            : throw Unusable(
                $"The column '{input}' is of the type {column.Type}; a column of "
                    + $"{(kind == InputKind.Image ? "image paths (text) or of images (MLImage)" : "texts")} "
                    + $"is needed.");
    }

    /// <summary>The columns of a data view.</summary>
    public static IReadOnlyList<PipelineColumn> ColumnsOf(IDataView data) => [.. data.Schema.Where(column => !column.IsHidden).Select(PipelineColumn.Of)];

    private static IEnumerable<IEstimator<ITransformer>> Vector(MLContext ml, IReadOnlyList<PipelineColumn> columns, string input, InputKind kind)
    {
        PipelineColumn column = CheckInput(columns, input, kind);
        if (kind == InputKind.Text)
        {
            return [ml.Transforms.Text.FeaturizeText(Columns.Pixels, input)];
        }

        IEnumerable<IEstimator<ITransformer>> load = column.IsText
            ? [ml.Transforms.LoadImages(Columns.Image, imageFolder: null, input)]
            : [ml.Transforms.CopyColumns(Columns.Image, input)];
        return [.. load, ImageResizer.Estimator(ml, Columns.Image, Columns.Image, size: 32), ml.Transforms.ExtractPixels(Columns.Pixels, Columns.Image)];
    }

    private static PipelineColumn Find(IReadOnlyList<PipelineColumn> columns, string name, string of) => columns.FirstOrDefault(column => column.Name == name)
        ?? throw Unusable($"There is no column '{name}' of {of}; there are {string.Join(", ", columns.Select(column => $"'{column.Name}'"))}.");

    /// <summary>As ML.NET's own steps refuse a schema.</summary>
    private static ArgumentOutOfRangeException Unusable(string message) => new("inputSchema", message);

    private static SchemaShape Through(SchemaShape shape, IEnumerable<IEstimator<ITransformer>> steps) =>
        steps.Aggregate(shape, (current, step) => step.GetOutputSchema(current));
}
