using System.Text.Json;
using TorchSharp;
using TransferLab.Backbones;
using TransferLab.Backbones.Safetensors;
using TransferLab.Data;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Models;

/// <summary>
/// Labelled examples as an index over a frozen backbone's features. Examples join and leave it at any time, without training. The nearest vote,
/// each with the weight exp(cosine / 0.07) (Wu et al. 2018, arXiv:1805.01978). Owns the network. Not for use from several threads while it changes.
/// </summary>
public sealed class NearestNeighbourModel : TrainedModel
{
    private readonly TransferNetwork _network;
    private readonly InputEncoder _encoder;
    private readonly ComputeDevice _compute;
    private readonly string? _architecture;
    private readonly NeighbourIndex _index;

    internal NearestNeighbourModel(TransferNetwork network, InputEncoder encoder, string? architecture, ComputeDevice compute, NeighbourIndex index) =>
        (_network, _encoder, _architecture, _compute, _index) = (network, encoder, architecture, compute, index);

    /// <summary>Features of frozen layers that may save work; null to compute all.</summary>
    internal FeatureCache? Cache { get; init; }

    /// <summary>How many labelled examples are in the index.</summary>
    public int Count => _index.Count;

    /// <summary>Names of the labelled examples, in the order in which they joined.</summary>
    public IReadOnlyList<string> Names => _index.Names;

    /// <summary>How many neighbours vote.</summary>
    public int Neighbours => _index.Neighbours;

    /// <inheritdoc/>
    public override string Kind => _encoder.Kind;

    /// <inheritdoc/>
    public override long Parameters => _network.Backbone.Module.parameters().Sum(parameter => parameter.numel());

    /// <inheritdoc/>
    public override bool CanSave => _architecture is not null && _encoder.AddTo(new Dictionary<string, string>());

    /// <summary>Adds labelled examples; one of a name that is in the index takes the place of the old one.</summary>
    /// <exception cref="ArgumentException">A label is no index into <see cref="TrainedModel.Classes"/>; nothing is added then.</exception>
    public void Add(IReadOnlyList<Example> examples, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        if (examples.FirstOrDefault(example => example.Label < 0 || example.Label >= Classes.Count) is { } wrong)
        {
            throw new ArgumentException($"'{wrong.Name}' has the label {wrong.Label}; labels are 0 to {Classes.Count - 1}, indices of the classes.", nameof(examples));
        }

        IReadOnlyList<float[]> rows = Features(examples, Cache, progress, cancellation);
        for (int i = 0; i < rows.Count; i++)
        {
            _index.Add(examples[i].Name, examples[i].Label, rows[i]);
        }
    }

    /// <summary>Removes examples by name.</summary>
    /// <returns>How many of the names were in the index.</returns>
    /// <exception cref="InvalidOperationException">None would be left; nothing is removed then.</exception>
    public int Remove(IEnumerable<string> names) => _index.Remove(names);

    /// <inheritdoc/>
    public override Predictions Predict(IReadOnlyList<Example> examples, IProgress<double>? progress = null, CancellationToken cancellation = default) =>
        new([.. Features(examples, Cache, progress, cancellation).Select(row => _index.Vote(row, Classes.Count))]);

    internal override Predictions PredictAnew(IReadOnlyList<Example> examples, CancellationToken cancellation) =>
        new([.. Features(examples, cache: null, progress: null, cancellation).Select(row => _index.Vote(row, Classes.Count))]);

    /// <inheritdoc/>
    public override void Save(string path)
    {
        Dictionary<string, string> metadata = new()
        {
            [ModelFile.PrecisionKey] = _compute.Precision,
            [ModelFile.FormatKey] = ModelFile.NeighbourFormat,
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
        SafetensorsWriter.Write(path, [.. _network.Backbone.Module.state_dict().Select(pair => (pair.Key, pair.Value)), .. constants, .. _index.AddTo(metadata)], metadata);
    }

    internal static NearestNeighbourModel Load(SafetensorsFile file, string[] classes, TransferNetwork network, InputEncoder encoder, string architecture, ComputeDevice compute)
    {
        NeighbourIndex index = NeighbourIndex.Read(file, classes.Length, network.Backbone.FeatureWidth);
        Dictionary<string, Tensor> state = network.Backbone.Module.state_dict();
        using DisposeScope scope = NewDisposeScope();
        foreach ((string name, _, long[] shape) in encoder.Constants)
        {
            state.Add(name, zeros(shape)); // Read already; here and below only expected.
        }

        foreach ((string name, Tensor value) in index.AddTo(new Dictionary<string, string>()))
        {
            state.Add(name, value);
        }

        StateDictionary.LoadStrict(state, file);
        network.MoveTo(compute.Device);
        return new(network, encoder, architecture, compute, index) { Classes = classes };
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _network.Dispose();
        }
    }

    private IReadOnlyList<float[]> Features(IReadOnlyList<Example> examples, FeatureCache? cache, IProgress<double>? progress, CancellationToken cancellation)
    {
        _network.Evaluate();
        FeatureExtractor extractor = new(_network, _encoder, _compute, cache ?? new());
        return extractor.Extract(examples, _network.Backbone.Groups.Count, clock: null, progress, cancellation).Features.Rows;
    }
}
