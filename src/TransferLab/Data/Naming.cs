using System.Globalization;
using System.Text;

namespace TransferLab.Data;

/// <summary>Lists of names in messages: short whatever was found, and readable whatever the names hold.</summary>
internal static class Naming
{
    private const int Most = 20, MostCharacters = 1000, Longest = 120;

    /// <summary>The names with commas between: the first twenty at most, and then how many more.</summary>
    public static string Some(IEnumerable<string> names)
    {
        string[] all = [.. names.Select(Cut)];
        int shown = 0, characters = 0;
        while (shown < Math.Min(all.Length, Most) && (shown == 0 || characters + all[shown].Length <= MostCharacters))
        {
            characters += all[shown++].Length;
        }

        return string.Join(", ", all.Take(shown)) + (all.Length > shown ? $" and {all.Length - shown} more" : "");
    }

    /// <summary>The same with each name in quotes.</summary>
    public static string Quoted(IEnumerable<string> names) => Some(names.Select(Quote));

    /// <summary>A name in quotes, with what a reader could not see written as code points.</summary>
    public static string Quote(string name) => $"'{Visible(name)}'";

    /// <summary>A name with what a reader could not see written as code points.</summary>
    public static string Visible(string name)
    {
        StringBuilder visible = new(name.Length);
        foreach (Rune rune in name.EnumerateRunes())
        {
            bool hidden = Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                || (Rune.IsWhiteSpace(rune) && rune.Value != ' ');
            _ = hidden ? visible.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}") : visible.Append(rune);
        }

        return visible.ToString();
    }

    /// <summary>The number with its noun and verb: "1 file is", "2 files are".</summary>
    public static string Count(int number, string one, string many) => $"{number} {(number == 1 ? one : many)}";

    private static string Cut(string name) => name.Length <= Longest ? name
        : string.Concat(name.AsSpan(0, char.IsHighSurrogate(name[Longest - 1]) ? Longest - 1 : Longest), "...");
}
