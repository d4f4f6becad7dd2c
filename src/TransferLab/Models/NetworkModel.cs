using System.Text.Json;
using TorchSharp;
using TransferLab.Data;
using TransferLab.Models.Onnx;
using TransferLab.Networks;
using TransferLab.Networks.Weights;
using TransferLab.Runtime;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Models;

/// <summary>A trained network with what its inputs need. Owns the network.</summary>
public sealed class NetworkModel(TransferNetwork network, InputEncoder encoder, string? architecture, ComputeDevice compute) : TrainedModel
{
    private const int BatchSize = 32;
    private IDisposable? _held;

    /// <summary>Features of frozen layers that may save work; null to compute all.</summary>
    internal FeatureCache? Cache { get; init; }

    /// <summary>The network; owned by this model.</summary>
    internal TransferNetwork Network => network;

    internal override InputEncoder Encoder => encoder;

    /// <inheritdoc/>
    public override string Kind => encoder.Kind;

    /// <inheritdoc/>
    public override long Parameters => network.Parameters.Sum(parameter => parameter.numel());

    /// <inheritdoc/>
    public override bool CanSave => architecture is not null && encoder.AddTo(new Dictionary<string, string>());

    /// <inheritdoc/>
    public override Predictions Predict(IReadOnlyList<Example> examples, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        using IDisposable noGradient = Ready();
        return Cache is { } cache && cache.Serves(examples, encoder) ? PredictCached(cache, examples, progress, cancellation) : PredictStreamed(examples, progress, cancellation);
    }

    internal override Predictions PredictAnew(IReadOnlyList<Example> examples, CancellationToken cancellation)
    {
        using IDisposable noGradient = Ready();
        return PredictStreamed(examples, null, cancellation);
    }

    /// <inheritdoc/>
    public override void Save(string path)
    {
        Dictionary<string, string> metadata = new()
        {
            [ModelFile.PrecisionKey] = compute.Precision,
            [ModelFile.FormatKey] = ModelFile.NetworkFormat,
            [ModelFile.ClassesKey] = JsonSerializer.Serialize(Classes),
            [ModelFile.ArchitectureKey] = architecture
                ?? throw new InvalidOperationException("This network is not of an architecture that the library can build again; save its weights with SafetensorsWriter."),
        };
        if (!encoder.AddTo(metadata))
        {
            throw new InvalidOperationException($"{encoder.GetType().Name} inputs are not of a kind that the library can make again; save the weights with SafetensorsWriter.");
        }

        using DisposeScope scope = NewDisposeScope();
        IEnumerable<(string, Tensor)> constants = encoder.Constants.Select(constant => (constant.Name, tensor(constant.Values.ToArray(), constant.Shape)));
        SafetensorsWriter.Write(path, [.. network.State().Select(pair => (pair.Key, pair.Value)), .. constants], metadata);
    }

    /// <inheritdoc/>
    public override bool CanExport => CanSave;

    /// <inheritdoc/>
    public override void ExportOnnx(string path, OnnxPrecision precision = OnnxPrecision.Float32) => OnnxExport.Write(path, network, encoder,
        architecture ?? throw new NotSupportedException("This network is not of an architecture that the library can write as ONNX."), Classes, precision);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _held?.Dispose();
            network.Dispose();
        }
    }

    /// <summary>Evaluation mode, and weights folded once for all predictions to come: a trained network does not change.</summary>
    private IDisposable Ready()
    {
        IDisposable noGradient = no_grad();
        network.Evaluate();
        _held ??= network.Backbone.Hold(network.Backbone.Groups.Count, compute.TypeFor(network.Backbone));
        return noGradient;
    }

    private Predictions PredictStreamed(IReadOnlyList<Example> examples, IProgress<double>? progress, CancellationToken cancellation)
    {
        ScalarType type = compute.TypeFor(network.Backbone);
        BatchReader reader = new(encoder, cancellation);
        int[] order = [.. Enumerable.Range(0, examples.Count).OrderByDescending(i => encoder.LengthOf(examples[i]))]; // Like lengths side by side: little padding. The longest first: what they free fits the rest.
        List<float[]> rows = [];
        foreach (Tensor raw in reader.Read(order.Chunk(BatchSize).Select(batch => ((IReadOnlyList<Example>)[.. batch.Select(i => examples[i])], (AugmentedViews?)null))))
        {
            using DisposeScope scope = NewDisposeScope();
            AddRows(rows, network.Logits(encoder.Normalize(raw, compute.Device, type), 0));
            NativeMemory.TrimAtStep(rows.Count / BatchSize);
            progress?.Report((double)rows.Count / examples.Count);
        }

        float[][] sorted = [.. rows];
        int[] back = [.. order];
        Array.Sort(back, sorted);
        return new(sorted);
    }

    private Predictions PredictCached(FeatureCache cache, IReadOnlyList<Example> examples, IProgress<double>? progress, CancellationToken cancellation)
    {
        int groups = network.Backbone.Groups.Count;
        FeatureExtractor extractor = new(network, encoder, compute, cache);
        (LabeledFeatures features, long[] shape) = extractor.Extract(examples, groups, clock: null, progress, cancellation);
        List<float[]> rows = [];
        foreach (float[][] batch in features.Rows.Chunk(1024))
        {
            using DisposeScope scope = NewDisposeScope();
            float[] flat = [.. batch.SelectMany(row => row)];
            AddRows(rows, network.Logits(tensor(flat, [batch.Length, .. shape]).clone().to(compute.Device), groups));
        }

        return new(rows);
    }

    private static void AddRows(List<float[]> rows, Tensor logits)
    {
        Tensor probabilities = logits.softmax(1).cpu().contiguous();
        float[] values = probabilities.data<float>().ToArray();
        rows.AddRange(values.Chunk((int)probabilities.shape[1]));
    }
}
