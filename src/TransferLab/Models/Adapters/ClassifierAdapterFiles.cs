using System.Security.Cryptography;
using TorchSharp;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Networks.Weights;
using TransferLab.Runtime;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Models;

/// <summary>
/// The folder of a classifier's adapter: PEFT's two files, and the head with all else that is needed beside the backbone. The head's file names the weights
/// that the adapter stands beside, and the adapter, by their hashes.
/// </summary>
internal static class ClassifierAdapterFiles
{
    private const string HeadFile = "head.safetensors";
    private const string BaseKey = "transferlab.adapter.base", ValuesKey = "transferlab.adapter.values";

    public static void Write(string folder, NetworkModel model)
    {
        TransferNetwork network = model.Network;
        AdapterSet adapters = network.Adapters!;
        if (adapters.IsMerged)
        {
            throw new InvalidOperationException("The adapter is merged into the weights; unmerge it, and save it then.");
        }

        if (network.Backbone.Module.named_parameters().Select(item => item.name).FirstOrDefault(network.MovedInBackbone.Contains) is { } moved)
        {
            throw new InvalidOperationException(
                $"The backbone's own weights were trained too ('{moved}'), and an adapter does not hold them; save the whole model.");
        }

        Dictionary<string, string> metadata = model.Metadata(ModelFile.AdapterFormat);
        metadata[BaseKey] = BaseHash(network.Backbone, network.MovedInBackbone);
        metadata[ValuesKey] = FeatureCache.AdaptersHash(adapters);
        using DisposeScope scope = NewDisposeScope();
        IEnumerable<(string, Tensor)> statistics =
            network.Backbone.Module.state_dict().Where(pair => network.MovedInBackbone.Contains(pair.Key)).Select(pair => (pair.Key, pair.Value));
        AdapterFiles.Write(folder, adapters, model.Card?.Name ?? "", task: model.Kind == InputKind.Text ? "FEATURE_EXTRACTION" : null);
        SafetensorsWriter.Write(Path.Combine(folder, HeadFile), [.. network.Head.State(), .. statistics, .. model.Constants()], metadata);
    }

    public static NetworkModel Load(string folder, Backbone backbone, FeatureCache? shared, ComputeDevice? device, Registry registry)
    {
        LibTorch.Load();
        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(folder, HeadFile));
        if (ModelFile.Required(file, ModelFile.FormatKey) != ModelFile.AdapterFormat)
        {
            throw new WeightsException($"{file.Path}: is a whole model, and no head of an adapter; load it with {nameof(ModelFile)}.{nameof(ModelFile.Load)}.");
        }

        PredictionTask task = ModelFile.ReadTask(file, registry);
        InputEncoder encoder = registry.Encoder(file);
        ComputeDevice compute = device ?? ModelFile.AsTrained(file);
        (BackboneNetwork body, IDisposable lease) = shared?.Pretrained(backbone, compute) ?? Own(backbone);
        TransferNetwork? network = null;
        try
        {
            string[] statistics = [.. body.Module.state_dict().Keys.Where(file.Tensors.ContainsKey)];
            Check(file, body, backbone, statistics, isShared: shared is not null);
            HeadShape shape = new() { HiddenUnits = ModelFile.HiddenUnits(file, body, task.Outputs) };
            network = new(body, lease, new ClassificationHead(body.FeatureWidth, task.Outputs, shape, seed: 0));
            Fill(network, file, folder, encoder, statistics, compute);
            return new(network, encoder, backbone.Architecture, compute)
            {
                Classes = task.Classes,
                Task = task,
                Card = CardMetadata.In(file.Metadata) ?? backbone.Card,
                SharesFeatures = statistics.Length == 0,
            };
        }
        catch
        {
            (network ?? lease).Dispose();
            throw;
        }
    }

    private static (BackboneNetwork, IDisposable) Own(Backbone backbone)
    {
        BackboneNetwork own = backbone.CreatePretrained();
        return (own, own);
    }

    /// <summary>Refuses a backbone of other weights, and a shared one where the adapter brings statistics of its own.</summary>
    private static void Check(SafetensorsFile file, BackboneNetwork body, Backbone backbone, string[] statistics, bool isShared)
    {
        if (BaseHash(body, statistics.ToHashSet(StringComparer.Ordinal)) != ModelFile.Required(file, BaseKey))
        {
            string made = CardMetadata.In(file.Metadata) is { Name: var name } ? $" (of '{name}')" : "";
            throw new WeightsException(
                $"{file.Path}: the adapter stands beside other weights{made} than those of '{backbone.Card.Name}'; give the backbone it was trained with.");
        }

        if (isShared && statistics.Length > 0)
        {
            throw new WeightsException(
                $"{file.Path}: the adapter has normalisation statistics of its own ('{statistics[0]}' ...); load it without a shared cache.");
        }
    }

    private static void Fill(TransferNetwork network, SafetensorsFile file, string folder, InputEncoder encoder, string[] statistics, ComputeDevice compute)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> state = network.Head.State().ToDictionary(item => item.Name, item => item.Value);
        Dictionary<string, Tensor> body = network.Backbone.Module.state_dict();
        foreach (string name in statistics)
        {
            state.Add(name, body[name]);
        }

        foreach ((string name, _, long[] size) in encoder.Constants)
        {
            state.Add(name, zeros(size)); // Read already; here only expected.
        }

        StateDictionary.LoadStrict(state, file);
        network.CountMoved(statistics);
        network.MoveTo(compute.Device);
        network.Evaluate();
        AdapterFiles.Load(folder, network);
        if (FeatureCache.AdaptersHash(network.Adapters!) != ModelFile.Required(file, ValuesKey))
        {
            throw new WeightsException(
                $"{folder}: its head belongs to another adapter than lies beside it; save the adapter anew.");
        }
    }

    /// <summary>SHA-256 over a backbone's weights and statistics, but for those that the adapter's file brings.</summary>
    private static string BaseHash(BackboneNetwork body, IReadOnlySet<string> others)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((string name, Tensor value) in body.Module.state_dict().Where(pair => !others.Contains(pair.Key)).OrderBy(pair => pair.Key,
            StringComparer.Ordinal))
        {
            FeatureCache.Append(hash, name, value);
        }

        return Convert.ToHexString(hash.GetHashAndReset()).ToLowerInvariant();
    }
}
