using System.Security.Cryptography;
using TransferLab.Networks.Weights;

namespace TransferLab.Networks;

/// <summary>The card of a published model: its origin, licence and the hash of its weights.</summary>
internal static class PublishedCard
{
    public static BackboneCard Of(PublishedModel model, string title) => new()
    {
        Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(model.Path))),
        Architecture = title,
        Origin = $"{model.Path} ({model.Weights.Format})",
        Licence = Directory.Exists(model.Path) || model.Config is not null || File.Exists(Path.Combine(model.Folder, "config.json")) ? PublishedLicence.Of(model.Folder) : PublishedLicence.NotStated,
        Sha256 = File.Exists(model.Weights.Path) && model.Weights is not ShardedWeights ? Hash(model.Weights.Path) : "",
    };

    /// <summary>SHA-256 of the weights of a file or folder; empty where they are several files.</summary>
    public static string HashOf(string path)
    {
        using IWeightFile weights = WeightFile.Open(path);
        return File.Exists(weights.Path) ? Hash(weights.Path) : "";
    }

    private static string Hash(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            return Convert.ToHexString(SHA256.HashData(file)).ToLowerInvariant();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WeightsException($"{path}: cannot be read ({e.Message}).", e);
        }
    }
}
