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

/// <summary>Something that labels by the features of a frozen backbone. Owns the network; its file holds both.</summary>
internal abstract class FrozenFeatureModel : TrainedModel
{
    private readonly object _lock = new();
    private readonly BackboneNetwork _network;
    private readonly IDisposable _owned;
    private readonly InputEncoder _encoder;
    private readonly ComputeDevice _compute;
    private readonly ArchitectureDescription? _architecture;
    private readonly BackboneCard? _card;
    private IDisposable? _prepared;

    private protected FrozenFeatureModel(FrozenBackbone frozen) =>
        (_network, _owned, _encoder, _architecture, _compute, _card) = (frozen.Network, frozen.Owned, frozen.Encoder, frozen.Architecture, frozen.Compute,
            frozen.Card);

    /// <inheritdoc/>
    public override InputKind Kind => _encoder.Kind;

    /// <inheritdoc/>
    public override long Parameters => _network.Module.parameters().Sum(parameter => parameter.numel());

    /// <inheritdoc/>
    public override bool CanSave => _architecture is not null && _encoder.AddTo(new Dictionary<string, string>());

    internal override InputEncoder Encoder => _encoder;

    /// <summary>Names the format of the file.</summary>
    private protected abstract string Format { get; }

    /// <inheritdoc/>
    public override Predictions Predict(IReadOnlyList<Example> examples, IProgress<double>? progress = null, CancellationToken cancellation = default) =>
        new(Label(Features(examples, progress, cancellation)));

    internal override Predictions PredictCached(FeatureCache cache, IReadOnlyList<Example> examples, IProgress<double>? progress,
        CancellationToken cancellation)
    {
        if (!cache.Serves(examples, _encoder))
        {
            return Predict(examples, progress, cancellation);
        }

        Prepare();
        return new(Label(new FeatureExtractor(_network, _encoder, _compute, cache).Extract(examples, _network.Groups.Count, clock: null, progress,
            cancellation).Features.Rows));
    }

    /// <inheritdoc/>
    public override void Save(string path)
    {
        Dictionary<string, string> metadata = new()
        {
            [ModelFile.PrecisionKey] = _compute.Precision,
            [ModelFile.FormatKey] = Format,
            [ModelFile.ClassesKey] = JsonSerializer.Serialize(Classes),
            [ModelFile.ArchitectureKey] = _architecture?.Text
                ?? throw new InvalidOperationException("This network is not of an architecture that the library can build again; it cannot be saved."),
        };
        if (!_encoder.AddTo(metadata))
        {
            throw new InvalidOperationException(
                $"{_encoder.GetType().Name} inputs are not of a kind that the library can make again; the model cannot be saved.");
        }

        CardMetadata.AddTo(metadata, _card);
        using DisposeScope scope = NewDisposeScope();
        IEnumerable<(string, Tensor)> constants = _encoder.Constants.Select(constant => (constant.Name, tensor(constant.Values.ToArray(), constant.Shape)));
        SafetensorsWriter.Write(path, [.. _network.Module.state_dict().Select(pair => (pair.Key, pair.Value)), .. constants, .. AddTo(metadata)], metadata);
    }

    /// <summary>Writes the network with an end of its own as ONNX.</summary>
    /// <summary>Whether <see cref="ExportOnnx(string, OnnxPrecision, OnnxHead)"/> can write the network.</summary>
    internal bool WritesNetwork => CanSave && _architecture is { Architecture.WritesOnnx: true };

    private protected void ExportOnnx(string path, OnnxPrecision precision, OnnxHead head) => OnnxExport.Write(path, _network, _encoder,
        _architecture ?? throw new NotSupportedException("This network is not of an architecture that the library can write as ONNX."), Classes, precision,
            head, _card);

    /// <summary>Width of the features.</summary>
    internal int FeatureWidth => _network.FeatureWidth;

    /// <summary>Writes the network with its linear head, which nothing trained, as ONNX: whoever wants the features cuts the head off.</summary>
    internal void ExportNetwork(string path)
    {
        using ClassificationHead head = new(_network.FeatureWidth, Classes.Count, HeadShape.Linear, seed: 0);
        ExportOnnx(path, OnnxPrecision.Float32, OnnxHead.Linear(new TransferNetwork(_network, _owned, head)));
    }

    /// <summary>Fills the network of a file in; the file must hold the network, the encoder's constants and the given tensors, and nothing else.</summary>
    private protected static void Fill(FrozenBackbone frozen, SafetensorsFile file, params string[] others)
    {
        Dictionary<string, Tensor> state = frozen.Network.Module.state_dict();
        using DisposeScope scope = NewDisposeScope();
        foreach ((string name, _, long[] shape) in frozen.Encoder.Constants)
        {
            state.Add(name, zeros(shape)); // Read already; here and below only expected.
        }

        foreach (string name in others)
        {
            state.Add(name, zeros([.. file.Tensors[name].Shape], TensorType.Find(file.Tensors[name].Type)!.Value.Scalar));
        }

        StateDictionary.LoadStrict(state, file);
        frozen.Network.Module.to(frozen.Compute.Device);
    }

    /// <summary>[N][classes] probabilities for [N][width] features.</summary>
    private protected abstract IReadOnlyList<float[]> Label(IReadOnlyList<float[]> features);

    /// <summary>What the file holds beside the network. The tensors belong to the present dispose scope.</summary>
    private protected abstract IReadOnlyList<(string Name, Tensor Value)> AddTo(IDictionary<string, string> metadata);

    /// <summary>Features of any number of examples, which nobody keeps.</summary>
    private protected IReadOnlyList<float[]> Features(IReadOnlyList<Example> examples, IProgress<double>? progress, CancellationToken cancellation)
    {
        Prepare();
        return BatchedInference.Run(
            _encoder, _compute, _compute.TypeFor(_network), examples, x => _network.Prefix(x, _network.Groups.Count).Values, progress, cancellation);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _prepared?.Dispose();
            _owned.Dispose();
        }
    }

    private void Prepare()
    {
        lock (_lock)
        {
            if (_prepared is null)
            {
                _network.Module.eval();
                _prepared = _network.CastWeights(_network.Groups.Count, _compute.TypeFor(_network));
            }
        }
    }
}
