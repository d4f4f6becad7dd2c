using System.Security.Cryptography;
using System.Text;

namespace TransferLab.Data;

/// <summary>The hash by which two texts count as the same.</summary>
internal static class TextHash
{
    /// <summary>SHA-256 (lower-case hex) of the normalised text in UTF-8.</summary>
    public static string Of(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Normal(text)))).ToLowerInvariant();

    /// <summary>NFC, in capitals, trimmed, and one blank for every run of white space.</summary>
    internal static string Normal(string text)
    {
        var normal = new StringBuilder(text.Length);
        bool blank = false;
        foreach (char c in UnicodeText.Normalized(text))
        {
            if (char.IsWhiteSpace(c))
            {
                blank = normal.Length > 0;
                continue;
            }

            if (blank)
            {
                normal.Append(' ');
                blank = false;
            }

            normal.Append(c);
        }

        // Capitals, as in .NET's comparison without case: small letters have two forms of sigma.
        return normal.ToString().ToUpperInvariant();
    }
}
