using System.Globalization;
using System.Text;

namespace TransferLab.Data;

/// <summary>Class names that are one to a reader: they differ in capitals, spaces, invisible characters, Unicode form or the way a number is written.</summary>
internal static class ClassNames
{
    private static readonly string[] s_missing = ["NAN", "<NA>", "#N/A", "N/A", "NULL"];

    /// <summary>What a reader takes a name for.</summary>
    public static string Key(string name)
    {
        StringBuilder key = new(name.Length);
        bool blank = false;
        foreach (Rune rune in Whole(name).Normalize(NormalizationForm.FormKC).EnumerateRunes())
        {
            UnicodeCategory category = Rune.GetUnicodeCategory(rune);
            if (Rune.IsWhiteSpace(rune))
            {
                blank = key.Length > 0;
            }
            else if (category is not (UnicodeCategory.Format or UnicodeCategory.Control))
            {
                key.Append(blank ? " " : "").Append(rune);
                blank = false;
            }
        }

        string upper = key.ToString().ToUpperInvariant();
        return double.TryParse(upper, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? (number == 0 ? 0 : number).ToString("R", CultureInfo.InvariantCulture)
            : upper;
    }

    /// <summary>Warns of classes that are one to a reader, and of those that are how programs write a missing value.</summary>
    /// <param name="classes">Class names in label order.</param>
    /// <param name="counts">Examples of each class.</param>
    /// <param name="warnings">Receives a sentence each.</param>
    public static void Compare(IReadOnlyList<string> classes, IReadOnlyList<int> counts, List<string> warnings)
    {
        string[] twins = [.. Enumerable.Range(0, classes.Count).GroupBy(label => Key(classes[label]), StringComparer.Ordinal).Where(group => group.Count() > 1)
            .Select(group => string.Join(" = ", group.Select(label => $"{Name(classes, label)} ({counts[label]})")))];
        if (twins.Length > 0)
        {
            warnings.Add(
                $"{Naming.Count(twins.Length, "class is", "classes are")} written in more than one way, and each way counts as a class: {Naming.Some(twins)}; "
                    + $"write the same label the same way.");
        }

        int[] missing = [.. Enumerable.Range(0, classes.Count).Where(label => s_missing.Contains(Key(classes[label])))];
        if (missing.Length > 0)
        {
            warnings.Add(
                $"{Naming.Quoted(missing.Select(label => classes[label]))} ({missing.Sum(label => counts[label])}) is how programs write a missing value, and "
                    + $"counts as a class here; remove those examples if it is none.");
        }
    }

    /// <summary>A name in quotes that is not among the known ones, and the known one that a reader would take it for.</summary>
    public static string WithTwin(string name, IEnumerable<string> known) =>
        known.FirstOrDefault(other => Key(other) == Key(name)) is { } twin
            ? $"{Naming.Quote(name)} (written {Naming.Quote(twin)} there{Form(name, twin)})"
            : Naming.Quote(name);

    // Two names that look alike are told apart by their Unicode form.
    private static string Name(IReadOnlyList<string> classes, int label) => Naming.Quote(classes[label])
        + (Whole(classes[label]).IsNormalized() ? "" : " in decomposed Unicode");

    private static string Form(string name, string twin) => Whole(name).Normalize() == Whole(twin).Normalize() ? ", in another Unicode form" : "";

    /// <summary>Half a surrogate pair cannot be normalised.</summary>
    private static string Whole(string name) => string.Concat(name.EnumerateRunes());
}
