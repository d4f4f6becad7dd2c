using System.Security.Cryptography;
using System.Text;

namespace TransferLab.Comparison;

/// <summary>
/// File names of rows: the one place where a name from code, from a file or from a hub becomes part of a path. What no path may hold becomes <c>-</c>; names
/// that would then be one file on any system (Windows and macOS overlook case), or that could lead elsewhere, end with a short hash of themselves.
/// </summary>
internal static class FileStems
{
    private const string Refused = "/\\:@*?\"<>|";
    private const int Longest = 100;
    private static readonly string[] s_devices = ["CON", "PRN", "AUX", "NUL", .. Enumerable.Range(1, 9).SelectMany(i => (string[])[$"COM{i}", $"LPT{i}"])];

    /// <summary>The stem of every name; different for different names.</summary>
    public static IReadOnlyDictionary<string, string> Of(IEnumerable<string> names)
    {
        string[] all = [.. names.Distinct(StringComparer.Ordinal)];
        Dictionary<string, string> stems = all.ToDictionary(name => name, name => IsOdd(name, Plain(name))
            ? Hashed(name, 8)
            : Plain(name), StringComparer.Ordinal);
        for (int digits = 8; digits <= 64; digits *= 2)
        {
            foreach (string name in all.GroupBy(name => Key(stems[name])).Where(group => group.Count() > 1).SelectMany(group => group).ToArray())
            {
                stems[name] = Hashed(name, digits);
            }
        }

        return stems;
    }

    private static string Plain(string name)
    {
        StringBuilder plain = new(name.Length);
        foreach (Rune rune in name.EnumerateRunes())
        {
            bool isKept = rune != Rune.ReplacementChar && !Rune.IsControl(rune)
                && !(rune.IsAscii && Refused.Contains((char)rune.Value, StringComparison.Ordinal));
            plain.Append(isKept ? rune.ToString() : "-");
        }

        return plain.ToString();
    }

    /// <summary>Whether a name needs more than replaced characters: two dots, dots or spaces at an end, nothing left, too long, half a character, a device of
    /// Windows.</summary>
    private static bool IsOdd(string name, string plain) => plain.Length is 0 or > Longest || plain.Contains("..", StringComparison.Ordinal)
        || plain.Trim(' ', '.') != plain
        || name.EnumerateRunes().Any(rune => rune == Rune.ReplacementChar) || s_devices.Contains(plain.Split('.')[0], StringComparer.OrdinalIgnoreCase);

    private static string Hashed(string name, int digits)
    {
        string plain = Plain(name);
        while (plain.Contains("..", StringComparison.Ordinal))
        {
            plain = plain.Replace("..", "-", StringComparison.Ordinal);
        }

        string start = string.Concat(plain.Trim(' ', '.').EnumerateRunes().Take(Longest / 2));
        return $"{start}-{Convert.ToHexString(SHA256.HashData(Encoding.Unicode.GetBytes(name))).ToLowerInvariant()[..digits]}";
    }

    private static string Key(string stem) => stem.Normalize(NormalizationForm.FormC).ToUpperInvariant();
}
