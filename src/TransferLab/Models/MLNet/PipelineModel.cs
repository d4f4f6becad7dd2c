using Microsoft.ML;
using Microsoft.ML.Data;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Networks.Weights;
using TransferLab.Runtime;

namespace TransferLab.Models;

/// <summary>
/// An ML.NET pipeline with a column <c>Text</c> or <c>ImagePath</c>, whose <c>Score</c> names its classes. Its file is ML.NET's own .zip, which any
/// ML.NET program loads; so are models that <c>ml.Model.Save</c> wrote.
/// </summary>
internal sealed class PipelineModel : TrainedModel
{
    private static readonly MLContext s_context = new(seed: 0);
    private readonly ITransformer _pipeline;
    private readonly DataViewSchema _schema;

    internal PipelineModel(ITransformer pipeline, DataViewSchema schema, long parameters) =>
        (_pipeline, _schema, Parameters) = (pipeline, schema, parameters);

    /// <summary>A copy of the steps from the input to the scores; the first of the pipeline, which makes the label's key, is left out.</summary>
    internal IEnumerable<ITransformer> CopySteps()
    {
        using MemoryStream stream = new();
        s_context.Model.Save(_pipeline, _schema, stream);
        stream.Position = 0;
        ITransformer copy = s_context.Model.Load(stream, out _);
        return copy is IEnumerable<ITransformer> chain ? chain.Skip(1) : [copy];
    }

    /// <inheritdoc/>
    public override long Parameters { get; }

    /// <inheritdoc/>
    public override InputKind Kind => _schema.GetColumnOrNull(nameof(TextInput.Text)) is null ? InputKind.Image : InputKind.Text;

    /// <inheritdoc/>
    public override string FileExtension => ".zip";

    /// <inheritdoc/>
    public override Predictions Predict(IReadOnlyList<Example> examples, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        List<float[]> scores = [];
        foreach (ScoreOutput score in s_context.Data.CreateEnumerable<ScoreOutput>(_pipeline.Transform(Rows(s_context, Kind, examples, classes: null)),
            reuseRowObject: false))
        {
            cancellation.ThrowIfCancellationRequested();
            scores.Add(score.Score);
            progress?.Report((double)scores.Count / examples.Count);
        }

        return new(scores);
    }

    /// <inheritdoc/>
    public override void Save(string path) => WholeFile.Write(path, stream => s_context.Model.Save(_pipeline, _schema, stream));

    /// <summary>Examples as rows, read as they are asked for.</summary>
    /// <param name="ml">Makes the view.</param>
    /// <param name="kind"><c>image</c> or <c>text</c>.</param>
    /// <param name="examples">The examples.</param>
    /// <param name="classes">Their class names; null for rows without a label.</param>
    /// <param name="cancellation">Stops between rows, at every reading.</param>
    internal static IDataView Rows(MLContext ml, InputKind kind, IReadOnlyList<Example> examples, IReadOnlyList<string>? classes,
        CancellationToken cancellation =
        default)
    {
        string Label(Example example)
        {
            cancellation.ThrowIfCancellationRequested();
            return classes is null ? "" : classes[example.Label];
        }

        return kind == InputKind.Text
            ? ml.Data.LoadFromEnumerable(examples.Select(example => new TextInput { Text = example.Source, Label = Label(example) }))
            : ml.Data.LoadFromEnumerable(examples.Select(example => new ImageInput { ImagePath = example.Source, Label = Label(example) }));
    }

    /// <summary>Loads a pipeline.</summary>
    internal static PipelineModel Load(string path)
    {
        try
        {
            ITransformer pipeline = s_context.Model.Load(path, out DataViewSchema schema);
            if (schema.GetColumnOrNull(nameof(TextInput.Text)) is null && schema.GetColumnOrNull(nameof(ImageInput.ImagePath)) is null)
            {
                throw new FormatException("it reads no column 'Text' or 'ImagePath'");
            }

            DataViewSchema.Column score = pipeline.GetOutputSchema(schema)["Score"];
            VBuffer<ReadOnlyMemory<char>> names = default;
            score.GetSlotNames(ref names);
            return new(pipeline, schema, parameters: 0) { Classes = [.. names.DenseValues().Select(name => name.ToString())] };
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or ArgumentException or InvalidDataException or IOException)
        {
            throw new WeightsException($"{path}: not an ML.NET model of texts or images, or damaged ({e.Message}).", e);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            (_pipeline as IDisposable)?.Dispose();
        }
    }

    private sealed class TextInput
    {
        public string Text { get; set; } = "";

        public string Label { get; set; } = "";
    }

    private sealed class ImageInput
    {
        public string ImagePath { get; set; } = "";

        public string Label { get; set; } = "";
    }

    private sealed class ScoreOutput
    {
        public float[] Score { get; set; } = [];
    }
}
