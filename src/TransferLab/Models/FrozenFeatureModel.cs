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

/// <summary>Something that labels by the features of a frozen backbone. Owns the network; its file holds both.</summary>
public abstract class FrozenFeatureModel : TrainedModel
{
    private const int BatchSize = 32;
    private readonly TransferNetwork _network;
    private readonly InputEncoder _encoder;
    private readonly ComputeDevice _compute;
    private readonly string? _architecture;
    private IDisposable? _held;

    private protected FrozenFeatureModel(TransferNetwork network, InputEncoder encoder, string? architecture, ComputeDevice compute) =>
        (_network, _encoder, _architecture, _compute) = (network, encoder, architecture, compute);

    /// <summary>Features of frozen layers that may save work; null to compute all.</summary>
    internal FeatureCache? Cache { get; init; }

    /// <inheritdoc/>
    public override string Kind => _encoder.Kind;

    /// <inheritdoc/>
    public override long Parameters => _network.Backbone.Module.parameters().Sum(parameter => parameter.numel());

    /// <inheritdoc/>
    public override bool CanSave => _architecture is not null && _encoder.AddTo(new Dictionary<string, string>());

    internal override InputEncoder Encoder => _encoder;

    /// <summary>Names the format of the file.</summary>
    private protected abstract string Format { get; }

    /// <inheritdoc/>
    public override Predictions Predict(IReadOnlyList<Example> examples, IProgress<double>? progress = null, CancellationToken cancellation = default) =>
        new(Label(Features(examples, Cache, progress, cancellation)));

    internal override Predictions PredictAnew(IReadOnlyList<Example> examples, CancellationToken cancellation) =>
        new(Label(Features(examples, cache: null, progress: null, cancellation)));

    /// <inheritdoc/>
    public override void Save(string path)
    {
        Dictionary<string, string> metadata = new()
        {
            [ModelFile.PrecisionKey] = _compute.Precision,
            [ModelFile.FormatKey] = Format,
            [ModelFile.ClassesKey] = JsonSerializer.Serialize(Classes),
            [ModelFile.ArchitectureKey] = _architecture
                ?? throw new InvalidOperationException("This network is not of an architecture that the library can build again; it cannot be saved."),
        };
        if (!_encoder.AddTo(metadata))
        {
            throw new InvalidOperationException($"{_encoder.GetType().Name} inputs are not of a kind that the library can make again; the model cannot be saved.");
        }

        using DisposeScope scope = NewDisposeScope();
        IEnumerable<(string, Tensor)> constants = _encoder.Constants.Select(constant => (constant.Name, tensor(constant.Values.ToArray(), constant.Shape)));
        SafetensorsWriter.Write(path, [.. _network.Backbone.Module.state_dict().Select(pair => (pair.Key, pair.Value)), .. constants, .. AddTo(metadata)], metadata);
    }

    /// <summary>Writes the network with an end of its own as ONNX.</summary>
    private protected void ExportOnnx(string path, OnnxPrecision precision, OnnxHead head) => OnnxExport.Write(path, _network, _encoder,
        _architecture ?? throw new NotSupportedException("This network is not of an architecture that the library can write as ONNX."), Classes, precision, head);

    /// <summary>Fills the network of a file in; the file must hold the network, the encoder's constants and the given tensors, and nothing else.</summary>
    private protected static void Fill(TransferNetwork network, InputEncoder encoder, SafetensorsFile file, ComputeDevice compute, params string[] others)
    {
        Dictionary<string, Tensor> state = network.Backbone.Module.state_dict();
        using DisposeScope scope = NewDisposeScope();
        foreach ((string name, _, long[] shape) in encoder.Constants)
        {
            state.Add(name, zeros(shape)); // Read already; here and below only expected.
        }

        foreach (string name in others)
        {
            state.Add(name, zeros([.. file.Tensors[name].Shape], TensorType.Find(file.Tensors[name].Type)!.Value.Scalar));
        }

        StateDictionary.LoadStrict(state, file);
        network.MoveTo(compute.Device);
    }

    /// <summary>[N][classes] probabilities for [N][width] features.</summary>
    private protected abstract IReadOnlyList<float[]> Label(IReadOnlyList<float[]> features);

    /// <summary>What the file holds beside the network. The tensors belong to the present dispose scope.</summary>
    private protected abstract IReadOnlyList<(string Name, Tensor Value)> AddTo(IDictionary<string, string> metadata);

    private protected IReadOnlyList<float[]> Features(IReadOnlyList<Example> examples, FeatureCache? cache, IProgress<double>? progress, CancellationToken cancellation)
    {
        _network.Evaluate();
        return cache is not null && cache.Serves(examples, _encoder)
            ? new FeatureExtractor(_network, _encoder, _compute, cache).Extract(examples, _network.Backbone.Groups.Count, clock: null, progress, cancellation).Features.Rows
            : Stream(examples, progress, cancellation);
    }

    /// <summary>Features that nobody keeps, of any number of examples.</summary>
    private float[][] Stream(IReadOnlyList<Example> examples, IProgress<double>? progress, CancellationToken cancellation)
    {
        using IDisposable noGradient = no_grad();
        int groups = _network.Backbone.Groups.Count;
        ScalarType type = _compute.TypeFor(_network.Backbone);
        _held ??= _network.Backbone.Hold(groups, type);
        int[] order = [.. Enumerable.Range(0, examples.Count).OrderByDescending(i => _encoder.LengthOf(examples[i]))]; // Like lengths side by side: little padding. The longest first: what they free fits the rest.
        List<float[]> rows = [];
        foreach (Tensor raw in new BatchReader(_encoder, cancellation).Read(order.Chunk(BatchSize).Select(batch => ((IReadOnlyList<Example>)[.. batch.Select(i => examples[i])], (AugmentedViews?)null))))
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor features = _network.Prefix(_encoder.Normalize(raw, _compute.Device, type), groups).Values.to(ScalarType.Float32).cpu().contiguous();
            rows.AddRange(features.data<float>().ToArray().Chunk((int)features.shape[1]));
            NativeMemory.TrimAtStep(rows.Count / BatchSize);
            progress?.Report((double)rows.Count / examples.Count);
        }

        float[][] sorted = [.. rows];
        Array.Sort(order, sorted);
        return sorted;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _held?.Dispose();
            _network.Dispose();
        }
    }
}
