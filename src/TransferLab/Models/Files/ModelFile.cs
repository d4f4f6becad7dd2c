using System.Text.Json;
using TransferLab.Networks;
using TransferLab.Networks.Architectures;
using TransferLab.Networks.Weights;
using TransferLab.Prediction;
using TransferLab.Runtime;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Models;

/// <summary>
/// Reads saved models: ML.NET's .zip, or one safetensors file with the weights, and the classes, architecture and preprocessing in its metadata. Nothing in it
/// is executed, and nothing is built before the file has been checked.
/// </summary>
public static class ModelFile
{
    internal const string FormatKey = ModelMetadataReader.FormatKey;
    internal const string ClassesKey = ModelMetadataReader.ClassesKey;
    internal const string ArchitectureKey = "transferlab.architecture";
    internal const string PrecisionKey = "transferlab.precision";
    internal const string NetworkFormat = "network/1";
    internal const string NeighbourFormat = "neighbours/1";
    internal const string MLNetHeadFormat = "mlnet-head/1";
    internal const string ClassicalFormat = "classical/1";
    internal const string HeadWeight = "head.weight";
    private const int MostClasses = 100_000;

    /// <summary>Loads a model. The caller disposes it.</summary>
    /// <param name="path">A file that <see cref="TrainedModel.Save"/> wrote.</param>
    /// <param name="device">Where it runs, and in which type; as it was trained where not given.</param>
    /// <exception cref="WeightsException">The file is missing, damaged, or not a model of this library.</exception>
    public static TrainedModel Load(string path, ComputeDevice? device = null)
    {
        if (Path.GetExtension(path).Equals(".zip", StringComparison.OrdinalIgnoreCase))
        {
            return PipelineModel.Load(path);
        }

        using SafetensorsFile file = SafetensorsFile.Open(path);
        string format = Required(file, FormatKey);
        string[] classes = ReadClasses(file);
        return format switch
        {
            NetworkFormat or NeighbourFormat or MLNetHeadFormat => LoadNetwork(file, classes, device),
            ClassicalFormat => ClassicalModel.Load(file, classes),
            _ => throw new WeightsException($"{path}: a model of the format '{format}', which this version does not know; use a newer version."),
        };
    }

    internal static string Required(SafetensorsFile file, string key) => file.Metadata.TryGetValue(key, out string? value)
        ? value
        : throw new WeightsException($"{file.Path}: not a TransferLab model (its metadata lacks '{key}'); write one with 'transferlab compare'.");

    /// <summary>How inputs reach the network of a file.</summary>
    internal static InputEncoder EncoderOf(SafetensorsFile file) => TextEncoder.IsIn(file) ? TextEncoder.From(file) : ImageEncoder.From(file);

    /// <summary>The network of a file, with random weights.</summary>
    internal static BackboneNetwork BuildFor(SafetensorsFile file, string architecture, InputEncoder encoder) =>
        encoder is TextEncoder texts ? BertArchitecture.BuildFor(file, architecture, texts) : ResNetArchitecture.BuildFor(file, architecture);

    private static TrainedModel LoadNetwork(SafetensorsFile file, string[] classes, ComputeDevice? device)
    {
        LibTorch.Load();
        string architecture = Required(file, ArchitectureKey);
        InputEncoder encoder = EncoderOf(file);
        BackboneNetwork backbone = BuildFor(file, architecture, encoder);
        IDisposable owner = backbone;
        try
        {
            TransferNetwork network = new(backbone, classes.Length, seed: 0, HiddenUnits(file, backbone, classes.Length));
            owner = network;
            ComputeDevice compute = device ?? AsTrained(file);
            switch (Required(file, FormatKey))
            {
                case NeighbourFormat:
                    return NearestNeighbourModel.Load(file, classes, network, encoder, architecture, compute);
                case MLNetHeadFormat:
                    return MLNetHeadModel.Load(file, classes, network, encoder, architecture, compute);
            }

            Dictionary<string, Tensor> state = network.State();
            using TorchSharp.DisposeScope scope = NewDisposeScope();
            foreach ((string name, _, long[] shape) in encoder.Constants)
            {
                state.Add(name, zeros(shape)); // Read already; here only expected.
            }

            StateDictionary.LoadStrict(state, file);
            network.MoveTo(compute.Device);
            return new NetworkModel(network, encoder, architecture, compute) { Classes = classes };
        }
        catch
        {
            owner.Dispose();
            throw;
        }
    }

    /// <summary>Width of the head's hidden layer, as far as the file has one of the right shape; the head of a network must be there, and fit.</summary>
    private static int? HiddenUnits(SafetensorsFile file, BackboneNetwork backbone, int classes)
    {
        int? units = file.Tensors.TryGetValue(TransferNetwork.HiddenWeight, out TensorEntry? entry) && entry.Shape.Count == 2 && entry.Shape[1] == backbone.FeatureWidth && entry.Shape[0] is > 0 and <= TransferNetwork.MostHiddenUnits
            ? (int)entry.Shape[0]
            : null;
        long[] expected = [classes, units ?? backbone.FeatureWidth];
        return Required(file, FormatKey) != NetworkFormat || (file.Tensors.TryGetValue(HeadWeight, out TensorEntry? head) && head.Shape.SequenceEqual(expected))
            ? units
            : throw new WeightsException($"{file.Path}: '{HeadWeight}' is missing or of another shape than [{string.Join(", ", expected)}], for {classes} classes; the file is damaged.");
    }

    /// <summary>The type that the model was trained in, so that it predicts what it did then.</summary>
    private static ComputeDevice AsTrained(SafetensorsFile file)
    {
        try
        {
            return ComputeDevice.Choose(precision: Required(file, PrecisionKey));
        }
        catch (ArgumentException e)
        {
            throw new WeightsException($"{file.Path}: {PrecisionKey} is damaged ({e.Message}).", e);
        }
    }

    /// <summary>The class names of a file.</summary>
    internal static string[] ReadClasses(SafetensorsFile file)
    {
        try
        {
            string[] classes = JsonSerializer.Deserialize<string[]>(Required(file, ClassesKey)) ?? [];
            return classes.Length is >= 2 and <= MostClasses && classes.All(name => name is not null)
                ? classes
                : throw new WeightsException($"{file.Path}: a model has 2 to {MostClasses} class names; this one has {classes.Length}.");
        }
        catch (JsonException e)
        {
            throw new WeightsException($"{file.Path}: the class names in the metadata are damaged ({e.Message}).", e);
        }
    }
}
