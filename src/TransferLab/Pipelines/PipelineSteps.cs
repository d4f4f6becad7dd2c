using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using TransferLab.Data;
using TransferLab.Inference;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Strategies;

namespace TransferLab.Pipelines;

/// <summary>
/// Trained networks as chains of ML.NET's built-in steps, which any ML.NET program can load. What predicts in this process and what is saved is
/// one and the same chain: the network as ONNX, and around it what ML.NET needs.
/// </summary>
internal static class PipelineSteps
{
    /// <summary>Whether a model can be such a chain: a network that can be written as ONNX and reads no longer texts than a chain's column has tokens, with a
    /// head of its own or of ML.NET's, or a pipeline of ML.NET's.</summary>
    public static bool CanHold(TrainedModel model) => model is PipelineModel
        || (model is { CanExport: true, Encoder: not null } or MLNetHeadModel { WritesNetwork: true }
            && model.Encoder is not TextEncoder { MaxTokens: > TextTokens.Width });

    /// <summary>The steps from an input column to probabilities, predicted label and score.</summary>
    /// <param name="ml">Makes the steps.</param>
    /// <param name="schema">What the chain will be given; only its input column matters.</param>
    /// <param name="model">The model, which stays the caller's; <see cref="CanHold"/> says which.</param>
    /// <param name="labels">The classes.</param>
    /// <param name="names">Names of columns.</param>
    /// <param name="ownPixels">Whether image files are prepared as the library reads them.</param>
    public static TransformerChain<ITransformer> Classifier(
        MLContext ml, DataViewSchema schema, TrainedModel model, LabelNames labels, TransferOptions names, bool ownPixels = false)
    {
        if (model is PipelineModel pipeline)
        {
            return Pipeline(ml, schema, pipeline, names);
        }

        InputEncoder encoder = model.Encoder!;
        Chain chain = new(schema);
        chain.AddAll(ownPixels ? OwnPixels(ml, names.InputColumnName, ((ImageEncoder)encoder).PreparedSize, ((ImageEncoder)encoder).Fit)
            : Inputs(ml, schema[names.InputColumnName].Type is ImageDataViewType, names.InputColumnName, encoder));
        MLNetHeadModel? head = model as MLNetHeadModel;
        OutputColumns outputs = new(names, column => schema.GetColumnOrNull(column) is not null, head is null ? [] : [MLNetHeadStrategy.Features]);
        chain.AddAll(outputs.Keep(ml));
        string[] inputs = ownPixels ? [Columns.File, Columns.WidePixels, Columns.Pixels] : [encoder is ImageEncoder ? Columns.Pixels : Columns.Tokens];
        if (head is null)
        {
            chain.Add(Onnx(ml, Columns.Probabilities, inputs, PipelineGraph.ForLabels(model, ownPixels)));
        }
        else
        {
            chain.Add(Onnx(ml, Columns.Features, inputs, PipelineGraph.ForFeatures(model, head.FeatureWidth, ownPixels)));
            chain.Add(ml.Transforms.CopyColumns(MLNetHeadStrategy.Features, Columns.Features));
            chain.Add(head.Head);
            chain.Add(ml.Transforms.CopyColumns(Columns.Scores, OutputColumns.Score));
            chain.Add(Onnx(ml, Columns.Probabilities, [Columns.Scores], PipelineGraph.ForScores(labels.Names)));
        }

        (ITransformer nearest, IReadOnlyList<uint> clusters) = MostProbable(ml, labels.Names.Count);
        chain.Add(nearest);
        chain.AddAll(labels.FromClusters(ml, OutputColumns.PredictedLabel, clusters));
        IEnumerable<string> temporary = [Columns.Probabilities, .. Temporary(encoder),
            .. ownPixels
                ? [Columns.File, Columns.WideImage, Columns.WidePixels]
                : Array.Empty<string>(), .. head is null
                ? []
                : new[] { Columns.Features, Columns.Scores }];
        chain.AddAll(outputs.Rename(ml, Columns.Probabilities, temporary));
        return chain.ToTransformer();
    }

    /// <summary>A pipeline of ML.NET's, without its first step, which makes the key of a label: who predicts has none.</summary>
    private static TransformerChain<ITransformer> Pipeline(MLContext ml, DataViewSchema schema, PipelineModel model, TransferOptions names)
    {
        Chain chain = new(schema);
        string input = model.Kind == InputKind.Image ? "ImagePath" : "Text";
        if (names.InputColumnName != input)
        {
            chain.Add(ml.Transforms.CopyColumns(input, names.InputColumnName));
        }

        foreach (ITransformer step in model.CopySteps())
        {
            chain.Add(step);
        }

        return chain.ToTransformer();
    }

    private static IEstimator<ITransformer> Onnx(MLContext ml, string output, string[] inputs, byte[] network) =>
        ml.Transforms.ApplyOnnxModel([output], inputs, new MemoryStream(network), gpuDeviceId: null, fallbackToCpu: true);

    /// <summary>The steps from an input column to features.</summary>
    public static TransformerChain<ITransformer> Featurizer(MLContext ml, DataViewSchema schema, InputEncoder encoder, byte[] network, string input,
        string output)
    {
        Chain chain = new(schema);
        chain.AddAll(Inputs(ml, schema[input].Type is ImageDataViewType, input, encoder));
        chain.Add(ml.Transforms.ApplyOnnxModel([Columns.Features], [encoder is ImageEncoder ? Columns.Pixels : Columns.Tokens], new MemoryStream(network),
            gpuDeviceId: null, fallbackToCpu: true));
        chain.Add(ml.Transforms.CopyColumns(output, Columns.Features));
        chain.Add(ml.Transforms.DropColumns([Columns.Features, .. Temporary(encoder)]));
        return chain.ToTransformer();
    }

    /// <summary>The steps in front of the network.</summary>
    public static IEnumerable<IEstimator<ITransformer>> Inputs(MLContext ml, bool isImageColumn, string input, InputEncoder encoder) =>
        encoder is ImageEncoder images ? Images(ml, isImageColumn, input, images.Size) : Texts(ml, input, (TextEncoder)encoder);

    /// <summary>The steps in front of a network that prepares image files itself: the file's bytes, and its picture in two sizes.</summary>
    public static IEnumerable<IEstimator<ITransformer>> OwnPixels(MLContext ml, string input, int size, ImageFit fit = ImageFit.Crop)
    {
        IEstimator<ITransformer> Planes(string output, string image) => ml.Transforms.ExtractPixels(
            output, image, ImagePixelExtractingEstimator.ColorBits.All, ImagePixelExtractingEstimator.ColorsOrder.ARGB, outputAsFloatArray: false);
        yield return ml.Transforms.LoadRawImageBytes(Columns.File, imageFolder: null, input);
        yield return ml.Transforms.LoadImages(Columns.Image, imageFolder: null, input);
        yield return ImageResizer.Estimator(ml, Columns.WideImage, Columns.Image, ImagePreparation.Widening * size, fit);
        yield return ImageResizer.Estimator(ml, Columns.Image, Columns.Image, size, fit);
        yield return Planes(Columns.WidePixels, Columns.WideImage);
        yield return Planes(Columns.Pixels, Columns.Image);
    }

    /// <summary>Columns that <see cref="Inputs"/> adds.</summary>
    public static IEnumerable<string> Temporary(InputEncoder encoder) => encoder is ImageEncoder
        ? [Columns.Image, Columns.Pixels]
        : [Columns.Text, Columns.Vocabulary, Columns.Tokens];

    private static IEnumerable<IEstimator<ITransformer>> Images(MLContext ml, bool isImageColumn, string input, int size)
    {
        if (!isImageColumn)
        {
            yield return ml.Transforms.LoadImages(Columns.Image, imageFolder: null, input);
        }

        yield return ImageResizer.Estimator(ml, Columns.Image, isImageColumn ? input : Columns.Image, size);
        yield return ml.Transforms.ExtractPixels(Columns.Pixels, Columns.Image, ImagePixelExtractingEstimator.ColorBits.Rgb,
            ImagePixelExtractingEstimator.ColorsOrder.ARGB);
    }

    /// <summary>The vocabulary reaches the tokenizer in a column, so that it lies in the model's file: a constant word, and what it stands for.</summary>
    private static IEnumerable<IEstimator<ITransformer>> Texts(MLContext ml, string input, TextEncoder encoder)
    {
        const string Word = "vocabulary";
        string description = encoder.WordPieces is { } pieces ? TextTokensMapping.Describe(pieces) : TokenizedTextMapping.Describe(encoder);
        yield return ml.Transforms.Expression(Columns.Vocabulary, $"(text) => \"{Word}\"", input);
        yield return ml.Transforms.Conversion.MapValue(Columns.Vocabulary, new Dictionary<string, string> { [Word] = description }, Columns.Vocabulary);
        yield return ml.Transforms.CopyColumns(Columns.Text, input);
        yield return encoder.WordPieces is not null
            ? ml.Transforms.CustomMapping(new TextTokensMapping().GetMapping(), TextTokensMapping.Contract)
            : ml.Transforms.CustomMapping(new TokenizedTextMapping().GetMapping(), TokenizedTextMapping.Contract);
    }

    /// <summary>
    /// ONNX gives vectors alone in ML.NET, and no built-in step takes the largest of a vector; but of clusters around (1, 0, ...), (0, 1, ...)
    /// and so on, the one nearest to a vector is that of its largest value.
    /// </summary>
    private static (ITransformer Nearest, IReadOnlyList<uint> Clusters) MostProbable(MLContext ml, int classes)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(OneHot));
        schema[Columns.Probabilities].ColumnType = new VectorDataViewType(NumberDataViewType.Single, classes);
        IDataView rows = ml.Data.LoadFromEnumerable(Enumerable.Range(0, classes)
            .Select(label => new OneHot { Values = [.. Enumerable.Range(0, classes).Select(i => i == label ? 1f : 0f)] }).ToList(), schema);
        ITransformer nearest = ml.Clustering.Trainers.KMeans(Columns.Probabilities, numberOfClusters: classes).Fit(rows);
        uint[] clusters = [.. nearest.Transform(rows).GetColumn<uint>(OutputColumns.PredictedLabel).Select(key => key - 1)];
        return clusters.Distinct().Count() == classes
            ? (nearest, clusters)
            : throw new InvalidOperationException($"The {classes} classes were not told apart; this is an error of the program.");
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
