using System.Text.Json;
using TorchSharp;
using TransferLab.Data;
using TransferLab.Models.Onnx;
using TransferLab.Networks;
using TransferLab.Networks.Architectures;
using TransferLab.Networks.Weights;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Models;

/// <summary>A trained network with what its inputs need. Owns the network. Safe to predict with from several threads.</summary>
internal sealed class NetworkModel(TransferNetwork network, InputEncoder encoder, ArchitectureDescription? architecture, ComputeDevice compute) : TrainedModel
{
    private const int CachedBatch = 1024;
    private readonly object _lock = new();
    private readonly PredictionTask? _task;
    private IDisposable? _prepared;
    private ClassifierAdapter? _adapter;

    /// <summary>What is predicted; a class where not given.</summary>
    public PredictionTask Task
    {
        get => _task ?? new ClassificationTask(Classes);
        init => _task = value;
    }

    /// <summary>The network; owned by this model.</summary>
    internal TransferNetwork Network => network;

    /// <summary>Whether nothing of the backbone is this model's own, so that features which others computed are its features too.</summary>
    internal bool SharesFeatures { get; init; }

    /// <summary>The backbone that it was made with; null where that is not known.</summary>
    internal BackboneCard? Card { get; init; }

    internal override InputEncoder Encoder => encoder;

    /// <inheritdoc/>
    public override InputKind Kind => encoder.Kind;

    /// <inheritdoc/>
    public override long Parameters => network.Parameters.Sum(parameter => parameter.numel());

    /// <inheritdoc/>
    public override bool CanSave => architecture is not null && encoder.AddTo(new Dictionary<string, string>());

    /// <inheritdoc/>
    public override Predictions Predict(IReadOnlyList<Example> examples, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        Prepare();
        PredictionTask task = Task;
        return new(BatchedInference.Run(
            encoder, compute, compute.TypeFor(network.Backbone), examples, x => task.Predict(network.Logits(x, 0)), progress, cancellation));
    }

    internal override Predictions PredictCached(FeatureCache cache, IReadOnlyList<Example> examples, IProgress<double>? progress,
        CancellationToken cancellation)
    {
        if (!SharesFeatures || !cache.Serves(examples, encoder))
        {
            return Predict(examples, progress, cancellation);
        }

        Prepare();
        using IDisposable noGradient = no_grad();
        int groups = network.Backbone.Groups.Count;
        FeatureExtractor extractor = new(network.Backbone, encoder, compute, cache, network.ActiveAdapters);
        (LabeledFeatures features, long[] shape) = extractor.Extract(examples, groups, clock: null, progress, cancellation);
        List<float[]> rows = [];
        foreach (float[][] batch in features.Rows.Chunk(CachedBatch))
        {
            using DisposeScope scope = NewDisposeScope();
            float[] flat = [.. batch.SelectMany(row => row)];
            BatchedInference.AddRows(rows, Task.Predict(network.Logits(tensor(flat, [batch.Length, .. shape]).clone().to(compute.Device), groups)));
        }

        return new(rows);
    }

    /// <inheritdoc/>
    public override void Save(string path)
    {
        Dictionary<string, string> metadata = Metadata(ModelFile.NetworkFormat);
        metadata[ModelFile.ArchitectureKey] = architecture?.Text ?? throw new InvalidOperationException(
            "This network is not of an architecture that the library can build again; save its weights with SafetensorsWriter.");
        using DisposeScope scope = NewDisposeScope();
        SafetensorsWriter.Write(path, [.. network.MergedState(network.UsesAdapters).Select(pair => (pair.Key, pair.Value)), .. Constants()], metadata);
    }

    /// <inheritdoc/>
    public override ClassifierAdapter? Adapter => network.Adapters is null ? null : _adapter ??= new(this);

    /// <summary>What a file says of the model, but for its architecture.</summary>
    internal Dictionary<string, string> Metadata(string format)
    {
        Dictionary<string, string> metadata = new()
        {
            [ModelFile.PrecisionKey] = compute.Precision,
            [ModelFile.FormatKey] = format,
            [ModelFile.ClassesKey] = JsonSerializer.Serialize(Classes),
        };
        if (Task is not ClassificationTask)
        {
            metadata[ModelFile.TaskKey] = Task.Name;
            Task.AddTo(metadata);
        }

        if (!encoder.AddTo(metadata))
        {
            throw new InvalidOperationException(
                $"{encoder.GetType().Name} inputs are not of a kind that the library can make again; save the weights with SafetensorsWriter.");
        }

        CardMetadata.AddTo(metadata, Card);
        return metadata;
    }

    /// <summary>The encoder's constants. They belong to the present dispose scope.</summary>
    internal IEnumerable<(string Name, Tensor Value)> Constants() =>
        encoder.Constants.Select(constant => (constant.Name, tensor(constant.Values.ToArray(), constant.Shape)));

    /// <summary>Forgets what was prepared of the weights, which have changed.</summary>
    internal void WeightsChanged()
    {
        lock (_lock)
        {
            _prepared?.Dispose();
            _prepared = null;
        }
    }

    /// <inheritdoc/>
    public override bool CanExport =>
        CanSave && architecture is { Architecture.WritesOnnx: true } && network.ActiveAdapters is null && Task is ClassificationTask;

    /// <inheritdoc/>
    public override void ExportOnnx(string path, OnnxPrecision precision = OnnxPrecision.Float32)
    {
        ArchitectureDescription known = architecture ?? throw new NotSupportedException(
            "This network is not of an architecture that the library can write as ONNX.");
        if (network.ActiveAdapters is not null)
        {
            throw new NotSupportedException("An adapter stands beside the weights, which an ONNX file cannot say; merge the adapter, and export then.");
        }

        OnnxExport.Write(path, network.Backbone, encoder, known, Classes, precision, OnnxHead.Linear(network), Card);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _prepared?.Dispose();
            network.Dispose();
        }
    }

    /// <summary>Evaluation mode, and weights folded once for all predictions to come: a trained network does not change.</summary>
    private void Prepare()
    {
        lock (_lock)
        {
            if (_prepared is null)
            {
                network.Evaluate();
                _prepared = network.Backbone.CastWeights(network.Backbone.Groups.Count, compute.TypeFor(network.Backbone));
            }
        }
    }
}
