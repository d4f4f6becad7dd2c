using Microsoft.ML;
using Microsoft.ML.Data;
using TransferLab.Backbones.Safetensors;
using TransferLab.Data;
using TransferLab.Runtime;

namespace TransferLab.Models;

/// <summary>An ML.NET pipeline over n-grams of a text. Its file is ML.NET's own .zip, which any ML.NET program loads.</summary>
public sealed class ClassicalTextModel : TrainedModel
{
    private static readonly MLContext s_context = new(seed: 0);
    private readonly ITransformer _pipeline;
    private readonly DataViewSchema _schema;

    internal ClassicalTextModel(ITransformer pipeline, DataViewSchema schema, long parameters) =>
        (_pipeline, _schema, Parameters) = (pipeline, schema, parameters);

    /// <inheritdoc/>
    public override long Parameters { get; }

    /// <inheritdoc/>
    public override string Kind => "text";

    /// <inheritdoc/>
    public override string FileExtension => ".zip";

    /// <inheritdoc/>
    public override Predictions Predict(IReadOnlyList<Example> examples, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        IDataView rows = s_context.Data.LoadFromEnumerable(examples.Select(example => new TextInput { Text = example.Source }));
        List<float[]> scores = [];
        foreach (TextScore score in s_context.Data.CreateEnumerable<TextScore>(_pipeline.Transform(rows), reuseRowObject: false))
        {
            cancellation.ThrowIfCancellationRequested();
            scores.Add(score.Score);
            progress?.Report((double)scores.Count / examples.Count);
        }

        return new(scores);
    }

    /// <inheritdoc/>
    public override void Save(string path) => WholeFile.Write(path, stream => s_context.Model.Save(_pipeline, _schema, stream));

    /// <summary>Loads a pipeline with a Text column whose Score names its classes.</summary>
    internal static ClassicalTextModel Load(string path)
    {
        try
        {
            ITransformer pipeline = s_context.Model.Load(path, out DataViewSchema schema);
            DataViewSchema.Column score = pipeline.GetOutputSchema(schema)["Score"];
            VBuffer<ReadOnlyMemory<char>> names = default;
            score.GetSlotNames(ref names);
            return new(pipeline, schema, parameters: 0) { Classes = [.. names.DenseValues().Select(name => name.ToString())] };
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or ArgumentException or InvalidDataException or IOException)
        {
            throw new WeightsException($"{path}: not a text model that 'transferlab compare' wrote, or damaged ({e.Message}).", e);
        }
    }

    internal sealed class TextInput
    {
        public string Text { get; set; } = "";

        public string Label { get; set; } = "";
    }

    private sealed class TextScore
    {
        public float[] Score { get; set; } = [];
    }
}
