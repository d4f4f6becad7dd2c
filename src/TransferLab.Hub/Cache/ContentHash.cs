using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace TransferLab.Hub;

/// <summary>How the hub names a file's content: SHA-256 for large files, and git's SHA-1 of a blob (with its length in front) for the others.</summary>
internal static partial class ContentHash
{
    /// <summary>Whether a text is one of the two, in lower-case hexadecimal.</summary>
    public static bool IsHash(string text) => Hash().IsMatch(text);

    /// <summary>The hash of a file, of the kind of another.</summary>
    /// <param name="path">The file.</param>
    /// <param name="like">A hash: 64 digits for SHA-256, 40 for git's.</param>
    /// <param name="cancellation">Stops between pieces.</param>
    public static async Task<string> OfAsync(string path, string like, CancellationToken cancellation)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(like.Length == 64 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1);
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 20, useAsync: true);
        await using (file.ConfigureAwait(false))
        {
            if (like.Length != 64)
            {
                hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {file.Length}\0")));
            }

            byte[] piece = new byte[1 << 20];
            for (int read; (read = await file.ReadAsync(piece, cancellation).ConfigureAwait(false)) > 0;)
            {
                hash.AppendData(piece, 0, read);
            }
        }

        return Convert.ToHexString(hash.GetHashAndReset()).ToLowerInvariant();
    }

    [GeneratedRegex(@"\A([0-9a-f]{64}|[0-9a-f]{40})\z")]
    private static partial Regex Hash();
}
