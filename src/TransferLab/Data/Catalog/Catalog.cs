using System.Text.Json;

namespace TransferLab.Data;

/// <summary>The data sets known by name, and where they lie on this machine.</summary>
public static class Catalog
{
    /// <summary>The environment variable that names the folder of public data sets, where none is given.</summary>
    public const string RootVariable = "TRANSFERLAB_DATA";

    private static readonly Lazy<IReadOnlyList<CatalogEntry>> Entries = new(Load);

    /// <summary>Every data set, the embedded one first.</summary>
    public static IReadOnlyList<CatalogEntry> All => Entries.Value;

    /// <summary>The data set of that name, in capitals or not.</summary>
    /// <exception cref="DataException">There is none; the message names the nearest, and all.</exception>
    public static CatalogEntry Find(string name)
    {
        if (All.FirstOrDefault(entry => entry.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } found)
        {
            return found;
        }

        string nearest = All.Select(entry => entry.Name).MinBy(known => Distance(known, name.ToLowerInvariant()))!;
        string guess = Distance(nearest, name.ToLowerInvariant()) <= Math.Max(2, nearest.Length / 3) ? $" Did you mean '{nearest}'?" : "";
        throw new DataException($"No data set is named '{name}'.{guess} Known are {string.Join(", ", All.Select(entry => entry.Name))}.");
    }

    /// <summary>
    /// The folder of a data set: <c>ROOT/images/NAME</c>, <c>ROOT/text/NAME</c> or <c>ROOT/NAME</c>; an embedded one also in <c>datasets</c> beside the
    /// program.
    /// </summary>
    /// <param name="name">Name in the catalogue.</param>
    /// <param name="dataRoot">The root; without it the environment variable <see cref="RootVariable"/>.</param>
    /// <exception cref="DataException">Unknown, or not there; the message says where it comes from, its licence and where to put it.</exception>
    public static string Locate(string name, string? dataRoot = null)
    {
        var entry = Find(name);
        string? root = !string.IsNullOrEmpty(dataRoot) ? dataRoot : Environment.GetEnvironmentVariable(RootVariable);
        var places = new List<string>();
        if (!string.IsNullOrEmpty(root))
        {
            places.AddRange([Path.Combine(root, "images", entry.Name), Path.Combine(root, "text", entry.Name), Path.Combine(root, entry.Name)]);
        }

        if (entry.Embedded)
        {
            places.Add(Path.Combine(AppContext.BaseDirectory, "datasets", entry.Name));
        }

        return places.FirstOrDefault(Directory.Exists) ?? throw new DataException(Absent(entry, root, places));
    }

    private static string Absent(CatalogEntry entry, string? root, List<string> places)
    {
        string looked = places.Count > 0 ? $"looked in {string.Join(", ", places)}" : $"neither option DataRoot nor {RootVariable} is set";
        if (entry.Embedded)
        {
            return $"{entry.Name} is missing though it comes with the program ({looked}); install the program again, or put the set there.";
        }

        string kind = entry.Task == "image" ? "images" : "text";
        string content = entry.Task == "image" ? "train/<class>/* and test/<class>/*" : "train.csv and test.csv with the columns text,label";
        string folder = string.IsNullOrEmpty(root) ? $"ROOT/{kind}/{entry.Name}" : Path.Combine(root, kind, entry.Name);
        string how = string.IsNullOrEmpty(root) ? $" and give ROOT by option DataRoot or {RootVariable}" : "";
        return $"{entry.Name} is not here ({looked}): {entry.Origin}; get it from {entry.Page} (licence: {entry.Licence}), put {content} into {folder}{how}.";
    }

    private static IReadOnlyList<CatalogEntry> Load()
    {
        using var stream = typeof(Catalog).Assembly.GetManifestResourceStream("TransferLab.Data.catalogue.json")!;
        return JsonSerializer.Deserialize<CatalogEntry[]>(stream, new JsonSerializerOptions(JsonSerializerDefaults.Web))!;
    }

    // Levenshtein's edit distance, one row at a time.
    private static int Distance(string a, string b)
    {
        int[] row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[b.Length];
    }
}
