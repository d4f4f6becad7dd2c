using System.Security.Cryptography;

namespace TransferLab.Comparison;

/// <summary>A file that a run wrote, with what tells that it is still whole.</summary>
/// <param name="Path">Relative to the output folder, with <c>/</c>.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Hash of its content, lower-case hex.</param>
internal sealed record StoredFile(string Path, long Bytes, string Sha256)
{
    /// <summary>Takes the measure of a file that was just written.</summary>
    public static StoredFile Of(string folder, string path)
    {
        using FileStream stream = File.OpenRead(System.IO.Path.Combine(folder, path));
        return new(path, stream.Length, Hash(stream));
    }

    /// <summary>Whether it is there as it was written.</summary>
    public bool IsWhole(string folder)
    {
        try
        {
            using FileStream stream = File.OpenRead(System.IO.Path.Combine(folder, Path));
            return stream.Length == Bytes && Hash(stream) == Sha256;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // The run is repeated, and says what is wrong with the place if it still is.
        }
    }

    private static string Hash(Stream stream) => Convert.ToHexString(SHA256.HashData(stream)).ToLowerInvariant();
}
