using TransferLab.Networks.Architectures;
using TransferLab.Networks.Weights;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks;

/// <summary>Backbones from files and folders as their authors published them: safetensors, PyTorch or GGUF, with the configuration beside them; and ONNX files
/// of images or texts, whose weights stay as they are.</summary>
public static class PublishedFiles
{
    /// <summary>Makes a backbone; its weights are read anew whenever it builds a network, tensor by tensor.</summary>
    /// <param name="path">A file of weights, an index of shards, or a folder in the layout of the Hugging Face hub.</param>
    /// <param name="options">What the files do not say.</param>
    /// <param name="registry">The families that are asked; <see cref="Registry.Known"/> where not given.</param>
    /// <exception cref="WeightsException">Missing, damaged, or of no family that is known: one line that says what was found.</exception>
    public static Backbone Open(string path, BackboneOptions? options = null, Registry? registry = null)
    {
        using PublishedModel model = PublishedModel.Open(path, options);
        if (model.Weights is OnnxFile)
        {
            return OnnxBackbone.Of(model);
        }

        PublishedBackbone found = Recognize(model, registry ?? Registry.Known);
        ArchitectureDescription architecture = found.Architecture;
        return new()
        {
            Card = PublishedCard.Of(model, found.Title) with { Assumed = found.Assumed, LeftOut = PublishedCard.LeftOut(model.Weights, found.Weights) },
            Architecture = architecture,
            Values = found.Weights.Tensors.Values.Sum(tensor => tensor.Count),
            Build = () =>
            {
                using PublishedModel opened = PublishedModel.Open(path, options);
                return Recognize(opened, registry ?? Registry.Known).Architecture.Build(); // Checked anew: the file may have changed.
            },
            LoadWeights = network => Fill(network, path, options, registry ?? Registry.Known),
            Encoder = found.Encoder,
            Recipe = architecture.Architecture.Recipe,
        };
    }

    /// <summary>Looks at a file or a folder: headers and configuration alone are read, however large the weights are.</summary>
    /// <param name="path">A file of weights, an index of shards, an ONNX file, or a folder in the layout of the Hugging Face hub.</param>
    /// <param name="options">What the files do not say.</param>
    /// <param name="registry">The families that are asked; <see cref="Registry.Known"/> where not given.</param>
    /// <exception cref="WeightsException">It is missing, damaged or of no format that is known. One of no family that is known is no error.</exception>
    public static PublishedSummary Inspect(string path, BackboneOptions? options = null, Registry? registry = null)
    {
        using PublishedModel model = PublishedModel.Open(path, options);
        PublishedSummary summary = new()
        {
            Path = model.Weights.Path,
            Format = model.Weights.Format,
            Tensors = [.. model.Weights.Tensors.Values.OrderBy(tensor => tensor.Name, StringComparer.Ordinal)],
            LeftOut = model.Weights.LeftOut,
            Licence = PublishedCard.LicenceOf(model),
        };
        try
        {
            Backbone found = Open(path, options, registry);
            return summary with { Assumed = found.Card.Assumed, Sha256 = found.Card.Sha256, Backbone = found };
        }
        catch (WeightsException e)
        {
            return summary with { Fault = e.Message, Sha256 = PublishedCard.HashOf(model.Weights) };
        }
    }

    /// <summary>The licence that a folder of a published model states: <c>license:</c> of its README, or the first words of its LICENSE; <c>not stated</c>
    /// where none does.</summary>
    /// <exception cref="WeightsException">A file cannot be read.</exception>
    public static string LicenceOf(string folder) => PublishedLicence.Of(folder);

    /// <summary>Asks the architectures of a registry, the last added first.</summary>
    /// <exception cref="WeightsException">None knows it.</exception>
    internal static PublishedBackbone Recognize(PublishedModel model, Registry registry)
    {
        foreach (Architecture architecture in registry.Architectures)
        {
            if (architecture.Recognize(model) is { } found)
            {
                CheckSizes(model, found.Architecture, found.Weights);
                return found;
            }
        }

        string known = string.Join(", ", registry.Architectures.Select(architecture => architecture.Name).Order(StringComparer.Ordinal));
        throw new WeightsException(model.ModelType is { } type
            ? $"{model.Path}: networks of the type '{type}' are not known to this version; known families: {known}."
            : $"{model.Path}: its {model.Weights.Tensors.Count} tensors (first '{model.Weights.Tensors.Keys.FirstOrDefault()}') are of no family that their "
                + $"names tell; known families: {known}.");
    }

    /// <summary>Compares what a configuration says with what the file holds, before anything of that size is made.</summary>
    /// <exception cref="WeightsException">They differ; the first tensor that does is named.</exception>
    internal static void CheckSizes(PublishedModel model, ArchitectureDescription architecture, IWeightFile weights)
    {
        foreach ((string name, long[] shape) in architecture.Architecture.LargeTensors(architecture.Text))
        {
            bool isThere = weights.Tensors.TryGetValue(name, out TensorEntry? entry);
            if (!isThere || !entry!.Shape.SequenceEqual(shape))
            {
                throw new WeightsException($"{model.Path}: the weights do not fit the network; its configuration asks for '{name}' "
                    + $"[{string.Join(", ", shape)}], and the file has {(isThere ? $"[{string.Join(", ", entry!.Shape)}]" : "none")}: they belong to different "
                    + "models, or one is damaged.");
            }
        }
    }

    private static void Fill(Module network, string path, BackboneOptions? options, Registry registry)
    {
        using PublishedModel model = PublishedModel.Open(path, options);
        StateDictionary.LoadStrict(network.state_dict(), Recognize(model, registry).Weights);
    }
}
