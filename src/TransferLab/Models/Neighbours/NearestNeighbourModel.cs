using TransferLab.Data;
using TransferLab.Models.Onnx;
using TransferLab.Networks;
using TransferLab.Networks.Weights;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Models;

/// <summary>
/// Labeled examples as an index over a frozen backbone's features. Examples join and leave it at any time, without training. The nearest vote,
/// each with the weight exp(cosine / 0.07) (Wu et al. 2018, arXiv:1805.01978). Not for use from several threads while it changes.
/// </summary>
internal sealed class NearestNeighbourModel : FrozenFeatureModel
{
    private readonly NeighbourIndex _index;

    internal NearestNeighbourModel(FrozenBackbone frozen, NeighbourIndex index) : base(frozen) => _index = index;

    /// <summary>How many labelled examples are in the index.</summary>
    public int Count => _index.Count;

    /// <summary>Names of the labelled examples, in the order in which they joined.</summary>
    public IReadOnlyList<string> Names => _index.Names;

    /// <summary>How many neighbours vote.</summary>
    public int Neighbours => _index.Neighbours;

    private protected override string Format => ModelFile.NeighbourFormat;

    /// <summary>Adds labelled examples; one of a name that is in the index takes the place of the old one.</summary>
    /// <exception cref="ArgumentException">A label is no index into <see cref="TrainedModel.Classes"/>; nothing is added then.</exception>
    public void Add(IReadOnlyList<Example> examples, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        if (examples.FirstOrDefault(example => example.Label < 0 || example.Label >= Classes.Count) is { } wrong)
        {
            throw new ArgumentException($"'{wrong.Name}' has the label {wrong.Label}; labels are 0 to {Classes.Count - 1}, indices of the classes.",
                nameof(examples));
        }

        IReadOnlyList<float[]> rows = Features(examples, progress, cancellation);
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
    public override bool CanExport => WritesNetwork;

    /// <inheritdoc/>
    public override void ExportOnnx(string path, OnnxPrecision precision = OnnxPrecision.Float32) => ExportOnnx(path, precision, _index.ToOnnx(Classes.Count));

    internal static NearestNeighbourModel Load(SafetensorsFile file, IReadOnlyList<string> classes, FrozenBackbone frozen)
    {
        NeighbourIndex index = NeighbourIndex.Read(file, classes.Count, frozen.Network.FeatureWidth);
        Fill(frozen, file, NeighbourIndex.Tensors);
        return new(frozen, index) { Classes = classes };
    }

    private protected override IReadOnlyList<float[]> Label(IReadOnlyList<float[]> features) => [.. features.Select(row => _index.Vote(row, Classes.Count))];

    private protected override IReadOnlyList<(string Name, Tensor Value)> AddTo(IDictionary<string, string> metadata) => _index.AddTo(metadata);
}
