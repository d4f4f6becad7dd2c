using TransferLab.Data;

namespace TransferLab.Cli;

/// <summary>The data sets that come with the program.</summary>
internal static class EmbeddedData
{
    /// <summary>What <c>compare</c> runs on without arguments.</summary>
    public const string Images = "surface-defects";

    /// <summary>What <c>compare --text</c> runs on without a value.</summary>
    public const string Texts = "support-tickets";

    /// <summary>The folder of an embedded set; null where the name is not one of them.</summary>
    public static string? Find(string name)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "datasets", name);
        return Catalog.All.Any(entry => entry.Embedded && entry.Name == name) && Directory.Exists(folder) ? folder : null;
    }
}
