using System.Text.Json;
using TransferLab.Data;

namespace TransferLab.Cli;

/// <summary>The published models that the program knows by name, and where they lie on this machine.</summary>
internal static class KnownModels
{
    private static readonly Lazy<IReadOnlyList<KnownModel>> s_all = new(Load);

    /// <summary>Every one, those with a file first.</summary>
    public static IReadOnlyList<KnownModel> All => s_all.Value;

    /// <summary>The model of a name, in capitals or not; null where there is none.</summary>
    public static KnownModel? Find(string name) => All.FirstOrDefault(model => model.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The file of a model: <c>ROOT/weights/NAME/FILE</c> or <c>ROOT/NAME/FILE</c>.</summary>
    /// <param name="model">One that has a file.</param>
    /// <param name="dataRoot">The root; without it the variable <see cref="Catalog.RootVariable"/>.</param>
    /// <returns>Null where it is not there.</returns>
    public static string? Locate(KnownModel model, string? dataRoot) => Places(model, dataRoot).FirstOrDefault(File.Exists);

    /// <summary>One line: where an absent model comes from, its licence, and where to put it.</summary>
    public static string Absent(KnownModel model, string? dataRoot)
    {
        string root = Root(dataRoot) ?? "ROOT";
        string how = Root(dataRoot) is null ? $" and give ROOT by --data-root or {Catalog.RootVariable}" : "";
        return $"{model.Name} is not here: {model.Origin}; get it from {model.Page} (licence: {model.Licence}), put {model.File} into "
            + $"{Path.Combine(root, "weights", model.Name)}{how}.";
    }

    private static string[] Places(KnownModel model, string? dataRoot) => Root(dataRoot) is not { } root ? [] :
        [Path.Combine(root, "weights", model.Name, model.File!), Path.Combine(root, model.Name, model.File!)];

    private static string? Root(string? dataRoot) =>
        new[] { dataRoot, Environment.GetEnvironmentVariable(Catalog.RootVariable) }.FirstOrDefault(root => !string.IsNullOrEmpty(root));

    private static KnownModel[] Load()
    {
        using Stream stream = typeof(KnownModels).Assembly.GetManifestResourceStream("models.json")!;
        return JsonSerializer.Deserialize<KnownModel[]>(stream, new JsonSerializerOptions(JsonSerializerDefaults.Web))!;
    }
}
