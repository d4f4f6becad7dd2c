using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace TransferLab.Data;

/// <summary>The hash that names a data set in results.</summary>
internal static class DataHash
{
    /// <summary>SHA-256 (lower-case hex) over classes, then name, label and content of every example of train and test.</summary>
    public static string Of(IReadOnlyList<string> classes, IReadOnlyList<Example> train, IReadOnlyList<Example> test)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        AddNumber(sha, classes.Count);
        foreach (string name in classes)
        {
            AddText(sha, name);
        }

        foreach (var part in new[] { train, test })
        {
            AddNumber(sha, part.Count);
            foreach (var example in part)
            {
                AddText(sha, example.Name);
                AddNumber(sha, example.Label);
                AddText(sha, example.Hash.Length > 0 ? example.Hash : example.Source);
            }
        }

        return Convert.ToHexString(sha.GetHashAndReset()).ToLowerInvariant();
    }

    // Lengths go first, so that no two lists of texts run together into the same bytes.
    private static void AddText(IncrementalHash sha, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        AddNumber(sha, bytes.Length);
        sha.AppendData(bytes);
    }

    private static void AddNumber(IncrementalHash sha, int number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        sha.AppendData(bytes);
    }
}
