using System.Text;

namespace TransferLab.Data;

/// <summary>
/// Unicode's canonical composition, NFC (https://unicode.org/reports/tr15/). <see cref="string.Normalize()"/> leaves text as it is where
/// a program runs with invariant globalization, and hashes of a data set must not depend on that.
/// </summary>
internal static class CanonicalText
{
    private const int SyllableBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TailBase = 0x11A7;
    private const int Leads = 19, Vowels = 21, Tails = 28, Syllables = Leads * Vowels * Tails;

    private static readonly Lazy<CanonicalTable> Table = new(CanonicalTable.Load);

    /// <summary>The text in NFC; the same string where it is already.</summary>
    public static string Compose(string text)
    {
        if (IsComposed(text))
        {
            return text;
        }

        var points = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            Decompose(rune.Value, points);
        }

        Reorder(points);
        var result = new StringBuilder(text.Length);
        foreach (int point in Composed(points))
        {
            result.Append(new Rune(point).ToString());
        }

        return result.ToString();
    }

    // Nothing below U+0300 combines with what stands before it.
    private static bool IsComposed(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value >= 0x300 && (IsJamo(rune.Value) || Table.Value.Changes.Contains(rune.Value)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsJamo(int point) => point is (>= VowelBase and < VowelBase + Vowels) or (> TailBase and < TailBase + Tails);

    private static void Decompose(int point, List<int> points)
    {
        int syllable = point - SyllableBase;
        if (syllable is >= 0 and < Syllables)
        {
            points.Add(LeadBase + (syllable / (Vowels * Tails)));
            points.Add(VowelBase + (syllable % (Vowels * Tails) / Tails));
            if (syllable % Tails > 0)
            {
                points.Add(TailBase + (syllable % Tails));
            }
        }
        else if (Table.Value.Parts.TryGetValue(point, out int[]? parts))
        {
            foreach (int part in parts)
            {
                Decompose(part, points);
            }
        }
        else
        {
            points.Add(point);
        }
    }

    // Runs of marks go into the order of their classes; those of one class keep theirs.
    private static void Reorder(List<int> points)
    {
        for (int i = 1; i < points.Count; i++)
        {
            int point = points[i];
            int order = Class(point);
            int at = i;
            for (; order > 0 && at > 0 && Class(points[at - 1]) > order; at--)
            {
                points[at] = points[at - 1];
            }

            points[at] = point;
        }
    }

    private static List<int> Composed(List<int> points)
    {
        var result = new List<int>(points.Count);
        int starter = -1;
        foreach (int point in points)
        {
            int order = Class(point);
            bool adjacent = starter == result.Count - 1;
            bool blocked = !adjacent && Class(result[^1]) >= order;
            if (starter >= 0 && !blocked && Pair(result[starter], point) is { } pair)
            {
                result[starter] = pair;
                continue;
            }

            starter = order == 0 ? result.Count : starter;
            result.Add(point);
        }

        return result;
    }

    private static int? Pair(int first, int second)
    {
        int syllable = first - SyllableBase;
        if (syllable is >= 0 and < Syllables && syllable % Tails == 0 && second is > TailBase and < TailBase + Tails)
        {
            return first + second - TailBase;
        }

        if (first is >= LeadBase and < LeadBase + Leads && second is >= VowelBase and < VowelBase + Vowels)
        {
            return SyllableBase + ((((first - LeadBase) * Vowels) + second - VowelBase) * Tails);
        }

        return Table.Value.Pairs.TryGetValue((first, second), out int pair) ? pair : null;
    }

    private static int Class(int point) => Table.Value.Classes.GetValueOrDefault(point);
}
