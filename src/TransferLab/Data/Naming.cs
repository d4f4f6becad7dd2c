namespace TransferLab.Data;

/// <summary>Lists of names in messages.</summary>
internal static class Naming
{
    private const int Most = 20;

    /// <summary>The names with commas between, the first twenty and then how many more.</summary>
    public static string Some(IReadOnlyCollection<string> names) =>
        string.Join(", ", names.Take(Most)) + (names.Count > Most ? $" and {names.Count - Most} more" : "");

    /// <summary>The names in quotes, all of them.</summary>
    public static string All(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));

    /// <summary>The number with its noun and verb: "1 file is", "2 files are".</summary>
    public static string Count(int number, string one, string many) => $"{number} {(number == 1 ? one : many)}";
}
