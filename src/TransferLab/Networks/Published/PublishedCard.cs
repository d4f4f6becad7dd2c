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
