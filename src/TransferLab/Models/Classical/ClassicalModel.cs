using System.Text.Json;
using TransferLab.Data;
using TransferLab.Networks.Weights;
using TransferLab.Runtime;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Models;

/// <summary>
/// A linear classifier on <see cref="ClassicalImageFeatures"/>. Training, loading and predicting take no tensor library; saving does.
/// </summary>
/// <remarks>
/// Its file holds <c>weight</c> [classes, width] and <c>bias</c> [classes], float32, for the features as they are. The format's number stands
/// for the layout of the features too.
/// </remarks>
internal sealed class ClassicalModel : TrainedModel
{
    private const string WeightTensor = "weight", BiasTensor = "bias";
    private readonly LinearSoftmax _classifier;

    internal ClassicalModel(LinearSoftmax classifier) => _classifier = classifier;

    /// <inheritdoc/>
    public override long Parameters => _classifier.Bias.Count * (ClassicalImageFeatures.Width + 1L);

    /// <inheritdoc/>
    /// <exception cref="UnreadableImageException">A file cannot be decoded whole.</exception>
    public override Predictions Predict(IReadOnlyList<Example> examples, IProgress<double>? progress = null, CancellationToken cancellation = default) =>
        new([.. ClassicalImageFeatures.Stream(examples, clock: null, progress, cancellation).Select(_classifier.Probabilities)]);

    /// <inheritdoc/>
    public override void Save(string path)
    {
        LibTorch.Load();
        Dictionary<string, string> metadata = new()
        {
            [ModelFile.FormatKey] = ModelFile.ClassicalFormat,
            [ModelFile.ClassesKey] = JsonSerializer.Serialize(Classes),
        };
        using Tensor weight = tensor(_classifier.Weight.SelectMany(row => row).ToArray(), [_classifier.Weight.Count, ClassicalImageFeatures.Width]);
        using Tensor bias = tensor(_classifier.Bias.ToArray());
        SafetensorsWriter.Write(path, [(WeightTensor, weight), (BiasTensor, bias)], metadata);
    }

    internal static ClassicalModel Load(SafetensorsFile file, IReadOnlyList<string> classes)
    {
        string[] unexpected = [.. file.Tensors.Keys.Where(name => name is not (WeightTensor or BiasTensor)).Order(StringComparer.Ordinal)];
        if (unexpected.Length > 0)
        {
            throw new WeightsException(
                $"{file.Path}: a classical model has no tensors {string.Join(", ", unexpected)}; the file is damaged or of another version.");
        }

        float[] weight = Read(file, WeightTensor, classes.Count, ClassicalImageFeatures.Width);
        float[] bias = Read(file, BiasTensor, classes.Count);
        return new(new([.. weight.Chunk(ClassicalImageFeatures.Width)], bias)) { Classes = classes };
    }

    private static float[] Read(SafetensorsFile file, string name, params long[] shape)
    {
        if (!file.Tensors.TryGetValue(name, out TensorEntry? entry) || entry.Type != "F32" || !entry.Shape.SequenceEqual(shape))
        {
            throw new WeightsException(
                $"{file.Path}: tensor '{name}' is {entry?.ToString() ?? "missing"}, not F32 [{string.Join(", ", shape)}]; the file is damaged or of another "
                    + $"version.");
        }

        float[] values = file.ReadFloats(name);
        return values.All(float.IsFinite)
            ? values
            : throw new WeightsException($"{file.Path}: tensor '{name}' holds values that are no finite numbers; the file is damaged.");
    }
}
