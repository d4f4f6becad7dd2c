using System.Security.Cryptography;
using System.Text;
using TransferLab.Networks.Weights;
using TransferLab.Runtime;

namespace TransferLab.Networks;

/// <summary>The card of a published model: its origin, licence and the hash of its weights.</summary>
internal static class PublishedCard
{
    private const int MostShown = 4;

    public static BackboneCard Of(PublishedModel model, string title) => new()
    {
        Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(model.Path))),
        Architecture = title,
        Origin = $"{model.Path} ({model.Weights.Format})",
        Licence = LicenceOf(model),
        Sha256 = HashOf(model.Weights),
    };

    /// <summary>The licence that a model's folder states, else the metadata of its GGUF file.</summary>
    /// <exception cref="WeightsException">A file cannot be read, or the metadata are of another type.</exception>
    public static string LicenceOf(PublishedModel model)
    {
        bool isOfFolder = Directory.Exists(model.Path) || model.Config is not null || File.Exists(Path.Combine(model.Folder, "config.json"));
        string licence = isOfFolder ? PublishedLicence.Of(model.Folder) : PublishedLicence.NotStated;
        return licence == PublishedLicence.NotStated && model.Weights is GgufFile gguf ? PublishedLicence.Of(gguf.Metadata) : licence;
    }

    /// <summary>The tensors of a file that a network does not take, such as the head that it was published with; empty where there are none.</summary>
    /// <param name="file">The file.</param>
    /// <param name="taken">The view of it that fills the network.</param>
    public static string LeftOut(IWeightFile file, IWeightFile taken)
    {
        string[] names = [.. taken.LeftOut.Except(file.LeftOut).Order(StringComparer.Ordinal)];
        return string.Join(", ", names.Take(MostShown)) + (names.Length > MostShown ? $" and {names.Length - MostShown} more" : "");
    }

    /// <summary>
    /// SHA-256 of the weights of a file or folder: of the file; of shards that of what <c>sha256sum</c> prints for them, by name. Empty where there is no file.
    /// </summary>
    public static string HashOf(string path)
    {
        using PublishedModel model = PublishedModel.Open(path);
        return HashOf(model.Weights);
    }

    /// <inheritdoc cref="HashOf(string)"/>
    public static string HashOf(IWeightFile weights) => weights is ShardedWeights sharded
        ? Hex(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(sharded.Files.Select(file => $"{Hash(file)}  {Path.GetFileName(file)}\n")))))
        : File.Exists(weights.Path) ? Hash(weights.Path) : "";

    private static string Hash(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            return Hex(SHA256.HashData(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WeightsException($"{path}: {ReadFault.Of(path, e)}.", e);
        }
    }

    private static string Hex(byte[] hash) => Convert.ToHexString(hash).ToLowerInvariant();
}
