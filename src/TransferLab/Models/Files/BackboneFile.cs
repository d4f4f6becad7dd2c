using System.Security.Cryptography;
using TransferLab.Networks;
using TransferLab.Networks.Architectures;
using TransferLab.Networks.Weights;
using static TorchSharp.torch;

namespace TransferLab.Models;

/// <summary>The network of a saved model as a backbone: what was fine-tuned on one task starts the next. Its head is left behind.</summary>
public static class BackboneFile
{
    private const string Head = "head.";

    /// <summary>Whether a file is a network that this library saved, rather than one that others published; only its header is read.</summary>
    /// <exception cref="WeightsException">It claims to be safetensors, and is damaged.</exception>
    public static bool IsSaved(string path)
    {
        if (!File.Exists(path) || !path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        using SafetensorsFile file = SafetensorsFile.Open(path);
        return file.Metadata.ContainsKey(ModelFile.FormatKey);
    }

    /// <summary>Reads the header of a model; its weights are read anew whenever the backbone builds a network.</summary>
    /// <param name="path">A network that <see cref="TrainedModel.Save"/> wrote.</param>
    /// <param name="registry">What it may be made of; <see cref="Registry.Known"/> where not given.</param>
    /// <exception cref="WeightsException">The file is missing, damaged, or not a network of this library.</exception>
    public static Backbone Load(string path, Registry? registry = null)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        if (ModelFile.Required(file, ModelFile.FormatKey) != ModelFile.NetworkFormat)
        {
            throw new WeightsException($"{path}: holds no network, so it cannot be a backbone; use the file of 'full' or 'frozen'.");
        }

        registry ??= Registry.Known;
        ArchitectureDescription architecture = registry.Architecture(ModelFile.Required(file, ModelFile.ArchitectureKey), path);
        InputEncoder encoder = registry.Encoder(file);
        string[] constants = [.. encoder.Constants.Select(constant => constant.Name)];
        return new()
        {
            Card = Card(path, architecture.Text, CardMetadata.In(file.Metadata)),
            Architecture = architecture,
            Values = file.Tensors.Values.Sum(tensor => tensor.Count),
            Build = () => Open(path, opened => ModelFile.BuildFor(opened, architecture, encoder)),
            LoadWeights = network => Open(path, opened => Fill(network, opened, constants)),
            Encoder = encoder,
            Recipe = architecture.Architecture.Recipe,
        };
    }

    private static bool Fill(nn.Module network, SafetensorsFile file, string[] constants)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> state = network.state_dict();
        foreach ((string name, TensorEntry entry) in file.Tensors.Where(item => item.Key.StartsWith(Head, StringComparison.Ordinal)
            || constants.Contains(item.Key)))
        {
            state.Add(name, zeros([.. entry.Shape])); // Expected in the file, and not wanted.
        }

        StateDictionary.LoadStrict(state, file);
        return true;
    }

    private static BackboneCard Card(string path, string architecture, BackboneCard? made)
    {
        using FileStream file = File.OpenRead(path);
        return new()
        {
            Name = Path.GetFileNameWithoutExtension(path),
            Architecture = architecture,
            Origin = made is null ? path : $"{path}, made with {made.Name}",
            Licence = made?.Licence ?? PublishedLicence.NotStated,
            Sha256 = Convert.ToHexString(SHA256.HashData(file)).ToLowerInvariant(),
        };
    }

    private static T Open<T>(string path, Func<SafetensorsFile, T> use)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        return use(file);
    }
}
