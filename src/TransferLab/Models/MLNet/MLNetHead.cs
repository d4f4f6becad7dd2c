using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using TransferLab.Networks.Weights;
using TransferLab.Strategies;
using TransferLab.Training;

namespace TransferLab.Models;

/// <summary>A multiclass model of ML.NET's on feature rows.</summary>
internal sealed class MLNetHead
{
    private const string Score = "Score", Weight = "Weight";
    private static readonly MLContext s_context = new(seed: 0);
    private readonly DataViewSchema _schema;

    private MLNetHead(ITransformer model, DataViewSchema schema) => (Model, _schema) = (model, schema);

    /// <summary>From Features to Score.</summary>
    public ITransformer Model { get; }

    /// <summary>Numbers that were learned: weights and biases of linear models; 0 for others, which do not tell, as trees.</summary>
    public long Parameters => Count(Model is IEnumerable<ITransformer> chain ? chain.Last() : Model);

    /// <summary>Trains one; the same rows and seed give the same one.</summary>
    /// <param name="strategy">Makes the trainer.</param>
    /// <param name="features">[N] rows and their labels.</param>
    /// <param name="weights">[classes] what an example of each class weighs; null where all weigh the same.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="seed">For trainers that draw.</param>
    public static MLNetHead Fit(MLNetHeadStrategy strategy, LabeledFeatures features, float[]? weights, int classes, int seed)
    {
        MLContext context = new(seed);
        IDataView rows = View(context, features.Rows, features.Labels, weights, classes);
        IEstimator<ITransformer> pipeline = context.Transforms.NormalizeMeanVariance(MLNetHeadStrategy.Features, fixZero: false)
            .Append(strategy.Trainer(context, weights is null ? null : Weight));
        return new(pipeline.Fit(rows), rows.Schema);
    }

    /// <summary>[N][classes] scores, which are made to sum to 1 where they do not.</summary>
    public IReadOnlyList<float[]> Probabilities(IReadOnlyList<float[]> features, int classes)
    {
        if (features.Count == 0)
        {
            return [];
        }

        IDataView scored = Model.Transform(View(s_context, features, [.. features.Select(_ => 0)], null, classes));
        return [.. scored.GetColumn<float[]>(Score).Select(Normalize)];
    }

    public byte[] Save()
    {
        using MemoryStream stream = new();
        s_context.Model.Save(Model, _schema, stream);
        return stream.ToArray();
    }

    /// <exception cref="WeightsException">The bytes are no model of ML.NET's.</exception>
    public static MLNetHead Load(string path, byte[] zip)
    {
        try
        {
            using MemoryStream stream = new(zip);
            ITransformer model = s_context.Model.Load(stream, out DataViewSchema schema);
            return model.GetOutputSchema(schema).GetColumnOrNull(Score) is null ? throw new FormatException("it gives no scores") : new(model, schema);
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or ArgumentException or InvalidDataException or IOException)
        {
            throw new WeightsException($"{path}: the model of ML.NET's in it is damaged ({e.Message}).", e);
        }
    }

    private static long Count(ITransformer model)
    {
        if (model is not IPredictionTransformer<object> { Model: LinearMulticlassModelParametersBase linear })
        {
            return 0;
        }

        VBuffer<float>[] weights = [];
        linear.GetWeights(ref weights, out int classes);
        return classes + weights.Take(classes).Sum(row => (long)row.Length);
    }

    private static float[] Normalize(float[] scores)
    {
        double sum = scores.Sum(score => (double)score);
        return scores.All(score => score >= 0) && sum > 0
            ? Array.ConvertAll(scores, score => (float)(score / sum))
            : Softmax(scores);
    }

    private static float[] Softmax(float[] scores)
    {
        double[] values = Array.ConvertAll(scores, score => Math.Exp(score - scores.Max()));
        return Array.ConvertAll(values, value => (float)(value / values.Sum()));
    }

    private static IDataView View(MLContext context, IReadOnlyList<float[]> rows, IReadOnlyList<int> labels, float[]? weights, int classes)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Label)].ColumnType = new KeyDataViewType(typeof(uint), classes);
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows[0].Length);
        return context.Data.LoadFromEnumerable(rows.Select((row, i) => new Row { Label = (uint)labels[i], Features = row, Weight = weights?[labels[i]] ?? 1 })
            .ToList(), schema);
    }

    /// <summary>A row as ML.NET reads it.</summary>
    private sealed class Row
    {
        /// <summary>The label itself: in memory, keys count from 0.</summary>
        public uint Label { get; set; }

        public float[] Features { get; set; } = [];

        public float Weight { get; set; } = 1;
    }
}
