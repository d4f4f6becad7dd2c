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
    internal const string TaskKey = "transferlab.task";
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
    /// <param name="registry">What it may be made of; <see cref="Registry.Known"/> where not given.</param>
    /// <exception cref="WeightsException">The file is missing, damaged, or not a model of this library.</exception>
    public static TrainedModel Load(string path, ComputeDevice? device = null, Registry? registry = null)
    {
        if (Path.GetExtension(path).Equals(".zip", StringComparison.OrdinalIgnoreCase))
        {
            return PipelineModel.Load(path);
        }

        using SafetensorsFile file = SafetensorsFile.Open(path);
        string format = Required(file, FormatKey);
        PredictionTask task = ReadTask(file, registry ?? Registry.Known);
        return format switch
        {
            NetworkFormat or NeighbourFormat or MLNetHeadFormat => LoadNetwork(file, task, device, registry ?? Registry.Known),
            ClassicalFormat => ClassicalModel.Load(file, task.Classes),
            _ => throw new WeightsException($"{path}: a model of the format '{format}', which this version does not know; use a newer version."),
        };
    }

    internal static string Required(SafetensorsFile file, string key) => file.Metadata.TryGetValue(key, out string? value)
        ? value
        : throw new WeightsException($"{file.Path}: not a TransferLab model (its metadata lacks '{key}'); write one with 'transferlab compare'.");

    /// <summary>The network of a file, with random weights, after the file was found to hold it.</summary>
    internal static BackboneNetwork BuildFor(SafetensorsFile file, ArchitectureDescription architecture, InputEncoder encoder)
    {
        architecture.Architecture.Check(file, architecture.Text, encoder);
        using RandomState random = RandomState.Seeded(0);
        return architecture.Build();
    }

    private static TrainedModel LoadNetwork(SafetensorsFile file, PredictionTask task, ComputeDevice? device, Registry registry)
    {
        LibTorch.Load();
        ArchitectureDescription architecture = registry.Architecture(Required(file, ArchitectureKey), file.Path);
        InputEncoder encoder = registry.Encoder(file);
        BackboneNetwork backbone = BuildFor(file, architecture, encoder);
        try
        {
            FrozenBackbone frozen = new(backbone, backbone, encoder, architecture, device ?? AsTrained(file)) { Card = CardMetadata.In(file.Metadata) };
            return Required(file, FormatKey) switch
            {
                NeighbourFormat => NearestNeighbourModel.Load(file, task.Classes, frozen),
                MLNetHeadFormat => MLNetHeadModel.Load(file, task.Classes, frozen),
                _ => WithHead(file, task, frozen),
            };
        }
        catch
        {
            backbone.Dispose();
            throw;
        }
    }

    private static NetworkModel WithHead(SafetensorsFile file, PredictionTask task, FrozenBackbone frozen)
    {
        HeadShape shape = new() { HiddenUnits = HiddenUnits(file, frozen.Network, task.Outputs) };
        TransferNetwork network = new(frozen.Network, new ClassificationHead(frozen.Network.FeatureWidth, task.Outputs, shape, seed: 0));
        try
        {
            Dictionary<string, Tensor> state = network.State();
            using TorchSharp.DisposeScope scope = NewDisposeScope();
            foreach ((string name, _, long[] size) in frozen.Encoder.Constants)
            {
                state.Add(name, zeros(size)); // Read already; here only expected.
            }

            StateDictionary.LoadStrict(state, file);
            network.MoveTo(frozen.Compute.Device);
            return new NetworkModel(network, frozen.Encoder, frozen.Architecture, frozen.Compute) { Classes = task.Classes, Task = task, Card = frozen.Card };
        }
        catch
        {
            network.Head.Dispose();
            throw;
        }
    }

    /// <summary>Width of the head's hidden layer, as far as the file has one of the right shape; the head of a network must be there, and fit.</summary>
    private static int? HiddenUnits(SafetensorsFile file, BackboneNetwork backbone, int classes)
    {
        int? units = file.Tensors.TryGetValue(ClassificationHead.HiddenWeight, out TensorEntry? entry) && entry.Shape.Count == 2
            && entry.Shape[1] == backbone.FeatureWidth && entry.Shape[0] is > 0 and <= HeadShape.MostHiddenUnits
            ? (int)entry.Shape[0]
            : null;
        long[] expected = [classes, units ?? backbone.FeatureWidth];
        return Required(file, FormatKey) != NetworkFormat || (file.Tensors.TryGetValue(HeadWeight, out TensorEntry? head) && head.Shape.SequenceEqual(expected))
            ? units
            : throw new WeightsException(
                $"{file.Path}: '{HeadWeight}' is missing or of another shape than [{string.Join(", ", expected)}], for {classes} classes; the file is "
                    + $"damaged.");
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

    private static PredictionTask ReadTask(SafetensorsFile file, Registry registry)
    {
        if (!file.Metadata.TryGetValue(TaskKey, out string? name))
        {
            return new ClassificationTask(ReadClasses(file));
        }

        return registry.Tasks.FirstOrDefault(format => format.Name == name) is { } known
            ? known.Read(file.Metadata)
            : throw new WeightsException($"{file.Path}: a model for the task '{name}', which this version does not know; give a registry that does.");
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
