using Microsoft.ML;
using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Strategies;
using TransferLab.Training;

namespace TransferLab.Pipelines;

/// <summary>
/// Trains a pretrained network on a column of images or texts and a label, as an ML.NET estimator: it composes with <c>Append</c>,
/// <c>TrainTestSplit</c>, <c>CrossValidate</c> and <c>Evaluate</c>.
/// </summary>
/// <remarks>
/// Training runs on libtorch. What it leaves is a chain of ML.NET's own steps around the network as ONNX: predicting, saving and loading take no
/// libtorch, and a loaded model predicts exactly as this one. Images are resized by ML.NET's <c>ResizeImages</c>, in training as later.
/// </remarks>
public sealed class TransferEstimator : IEstimator<TransferTransformer>
{
    private readonly MLContext _ml = new(seed: 0);
    private readonly TransferOptions _options;
    private readonly Lazy<Backbone> _backbone;

    private readonly CallerContext _caller;
    private readonly int _seed;

    internal TransferEstimator(TransferOptions options, CallerContext caller)
    {
        CheckStrategy(options);
        (_options, _caller) = (options, caller);
        _seed = options.Seed ?? caller.DrawSeed();
        _backbone = new(() => options.Backbone ?? DefaultBackbone.For(options.Kind));
    }

    /// <summary>Trains. The same data, options and machine give the same model.</summary>
    /// <param name="input">Read once, from first to last; images are not kept in memory.</param>
    /// <returns>The caller disposes it, or leaves that to the end of the program.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="Data.DataException">An image cannot be read, or there are fewer than two classes.</exception>
    public TransferTransformer Fit(IDataView input)
    {
        PipelineSchema.Check(PipelineSchema.ColumnsOf(input), _options);
        PipelineSchema.CheckBackbone(_backbone.Value, _options.Kind);
        LabelNames labels = LabelNames.Of(input.Schema[_options.LabelColumnName]);
        bool varied = _options.Strategy is TransferStrategy { Phases: var phases } && phases.Any(phase => phase.Augment);
        using LabeledRows rows = LabeledRows.Read(input, _options.InputColumnName, _options.LabelColumnName, labelOf: null, _backbone.Value, varied,
            _options.Cancellation);
        using FeatureCache cache = new();
        TrainingOptions training = new() { Augmentation = _options is ImageTransferOptions images ? images.Augmentation : Augmentation.Standard };
        Learner learner = new(rows.Backbone, ComputeDevice.Choose(_options.Device, _options.Precision), cache, training);
        _caller.Inform($"{_options.Strategy.Name} on {rows.Backbone.Card.Name}: {rows.Examples.Count:N0} rows, {labels.Names.Count:N0} classes, seed {_seed}");
        using FitResult fitted = learner.Fit(_options.Strategy, rows.Examples, labels.Names, _seed, _options.Progress, _options.Cancellation);
        _caller.Inform($"{_options.Strategy.Name}: trained in {fitted.Time.Total:0.0} s, {fitted.TrainableParameters:N0} parameters; {Told(fitted.Settings)}");
        if (_options.NetworkFile is { } path)
        {
            fitted.Model.Save(path);
        }

        return new(PipelineSteps.Classifier(_ml, input.Schema, fitted.Model, labels, _options), fitted);
    }

    /// <summary>What comes out: the input's columns, the predicted label and the score.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="ArgumentException">The backbone reads something else, or cannot be written as ONNX.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        SchemaShape output = PipelineSchema.OfClassifier(_ml, inputSchema, _options);
        PipelineSchema.CheckBackbone(_backbone.Value, _options.Kind);
        return output;
    }

    private static string Told(IReadOnlyDictionary<string, string> settings) => string.Join(", ", settings.Select(setting => $"{setting.Key} {setting.Value}"));

    private static void CheckStrategy(TransferOptions options)
    {
        string? problem = options.Strategy switch
        {
            TransferStrategy or KnnStrategy or MLNetHeadStrategy => null,
            PipelineStrategy => "is an ML.NET pipeline itself: append its steps, or compare it by CompareTransfer",
            _ => "leaves a model that is neither a network nor made of ML.NET's steps, so that ML.NET could not save it: train it with Learner",
        };
        if (problem is not null)
        {
            throw new ArgumentException($"The strategy '{options.Strategy.Name}' {problem}.", nameof(options));
        }
    }
}
