using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using TransferLab.Inference;
using TransferLab.Networks;

namespace TransferLab.Pipelines;

/// <summary>
/// Trained networks as chains of ML.NET's built-in steps, which any ML.NET program can load. What predicts in this process and what is saved is
/// one and the same chain: the network as ONNX, and around it what ML.NET needs.
/// </summary>
internal static class PipelineSteps
{
    /// <summary>The steps from an input column to probabilities, predicted label and score.</summary>
    /// <param name="ml">Makes the steps.</param>
    /// <param name="schema">What the chain will be given; only its input column matters.</param>
    /// <param name="encoder">How inputs reach the network.</param>
    /// <param name="network">What <see cref="PipelineGraph.ForLabels"/> made.</param>
    /// <param name="labels">The classes.</param>
    /// <param name="names">Names of columns.</param>
    public static TransformerChain<ITransformer> Classifier(MLContext ml, DataViewSchema schema, InputEncoder encoder, byte[] network, LabelNames labels, TransferOptions names)
    {
        Chain chain = new(schema);
        chain.AddAll(Inputs(ml, schema[names.InputColumnName].Type is ImageDataViewType, names.InputColumnName, encoder));

        chain.Add(ml.Transforms.ApplyOnnxModel([Columns.Probabilities], [encoder is ImageEncoder ? Columns.Pixels : Columns.Tokens], new MemoryStream(network), gpuDeviceId: null, fallbackToCpu: true));
        OutputColumns outputs = new(names, column => schema.GetColumnOrNull(column) is not null);
        chain.AddAll(outputs.Keep(ml));
        (ITransformer nearest, IReadOnlyList<uint> clusters) = MostProbable(ml, labels.Names.Count);
        chain.Add(nearest);
        chain.AddAll(labels.FromClusters(ml, OutputColumns.PredictedLabel, clusters));
        chain.AddAll(outputs.Rename(ml, Columns.Probabilities, [Columns.Probabilities, .. Temporary(encoder)]));
        return chain.ToTransformer();
    }

    /// <summary>The steps from an input column to features.</summary>
    public static TransformerChain<ITransformer> Featurizer(MLContext ml, DataViewSchema schema, InputEncoder encoder, byte[] network, string input, string output)
    {
        Chain chain = new(schema);
        chain.AddAll(Inputs(ml, schema[input].Type is ImageDataViewType, input, encoder));
        chain.Add(ml.Transforms.ApplyOnnxModel([Columns.Features], [encoder is ImageEncoder ? Columns.Pixels : Columns.Tokens], new MemoryStream(network), gpuDeviceId: null, fallbackToCpu: true));
        chain.Add(ml.Transforms.CopyColumns(output, Columns.Features));
        chain.Add(ml.Transforms.DropColumns([Columns.Features, .. Temporary(encoder)]));
        return chain.ToTransformer();
    }

    /// <summary>The steps in front of the network.</summary>
    public static IEnumerable<IEstimator<ITransformer>> Inputs(MLContext ml, bool isImageColumn, string input, InputEncoder encoder) =>
        encoder is ImageEncoder images ? Images(ml, isImageColumn, input, images.Size) : Texts(ml, input, ((TextEncoder)encoder).Tokenizer);

    /// <summary>Columns that <see cref="Inputs"/> adds.</summary>
    public static IEnumerable<string> Temporary(InputEncoder encoder) => encoder is ImageEncoder ? [Columns.Image, Columns.Pixels] : [Columns.Text, Columns.Vocabulary, Columns.Tokens];

    private static IEnumerable<IEstimator<ITransformer>> Images(MLContext ml, bool isImageColumn, string input, int size)
    {
        if (!isImageColumn)
        {
            yield return ml.Transforms.LoadImages(Columns.Image, imageFolder: null, input);
        }

        yield return ImageResizer.Estimator(ml, Columns.Image, isImageColumn ? input : Columns.Image, size);
        yield return ml.Transforms.ExtractPixels(Columns.Pixels, Columns.Image, ImagePixelExtractingEstimator.ColorBits.Rgb, ImagePixelExtractingEstimator.ColorsOrder.ARGB);
    }

    /// <summary>The vocabulary reaches the tokenizer in a column, so that it lies in the model's file: a constant word, and what it stands for.</summary>
    private static IEnumerable<IEstimator<ITransformer>> Texts(MLContext ml, string input, WordPieceTokenizer tokenizer)
    {
        const string Word = "vocabulary";
        yield return ml.Transforms.Expression(Columns.Vocabulary, $"(text) => \"{Word}\"", input);
        yield return ml.Transforms.Conversion.MapValue(Columns.Vocabulary, new Dictionary<string, string> { [Word] = TextTokensMapping.Describe(tokenizer) }, Columns.Vocabulary);
        yield return ml.Transforms.CopyColumns(Columns.Text, input);
        yield return ml.Transforms.CustomMapping(new TextTokensMapping().GetMapping(), TextTokensMapping.Contract);
    }

    /// <summary>
    /// ONNX gives vectors alone in ML.NET, and no built-in step takes the largest of a vector; but of clusters around (1, 0, ...), (0, 1, ...)
    /// and so on, the one nearest to a vector is that of its largest value.
    /// </summary>
    private static (ITransformer Nearest, IReadOnlyList<uint> Clusters) MostProbable(MLContext ml, int classes)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(OneHot));
        schema[Columns.Probabilities].ColumnType = new VectorDataViewType(NumberDataViewType.Single, classes);
        IDataView rows = ml.Data.LoadFromEnumerable(Enumerable.Range(0, classes).Select(label => new OneHot { Values = [.. Enumerable.Range(0, classes).Select(i => i == label ? 1f : 0f)] }).ToList(), schema);
        ITransformer nearest = ml.Clustering.Trainers.KMeans(Columns.Probabilities, numberOfClusters: classes).Fit(rows);
        uint[] clusters = [.. nearest.Transform(rows).GetColumn<uint>(OutputColumns.PredictedLabel).Select(key => key - 1)];
        return clusters.Distinct().Count() == classes ? (nearest, clusters) : throw new InvalidOperationException($"The {classes} classes were not told apart; this is an error of the program.");
    }

    private sealed class OneHot
    {
        [ColumnName(Columns.Probabilities)]
        public float[] Values { get; set; } = [];
    }

    /// <summary>Fits steps to a schema one after another; none of them reads data.</summary>
    private sealed class Chain(DataViewSchema schema)
    {
        private readonly List<ITransformer> _steps = [];
        private DataViewSchema _schema = schema;

        public void Add(IEstimator<ITransformer> step) => Add(step.Fit(new NoRows(_schema)));

        public void AddAll(IEnumerable<IEstimator<ITransformer>> steps)
        {
            foreach (IEstimator<ITransformer> step in steps)
            {
                Add(step);
            }
        }

        public void Add(ITransformer step)
        {
            _schema = step.GetOutputSchema(_schema);
            _steps.Add(step);
        }

        public TransformerChain<ITransformer> ToTransformer() => new([.. _steps]);
    }
}
