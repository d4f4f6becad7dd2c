using System.Globalization;
using System.Text;
using TransferLab.Backbones;

namespace TransferLab.Cli;

/// <summary>The list of models that are known by name: two lines each.</summary>
internal static class BackboneList
{
    private static readonly (string Name, string Task, string Facts, string GoodFor)[] s_packaged =
    [
        ("resnet18", "image", "15.9 million parameters, MIT, photographs, 224 px and others",
            "photographs and drawings, the default: comes with the program, and sees images of many sizes"),
        ("minilm", "text", "22.6 million parameters, Apache-2.0, English, to 512 tokens",
            "short English texts by topic or intent, the default: comes with the program"),
        ("arctic-xs", "text", "22.6 million parameters, Apache-2.0, English, to 512 tokens", "as minilm, made for search: restored once as a package"),
        (SmallWorld.Name, "language", "5 million parameters, MIT, plain English of a made-up world, to 1024 tokens",
            "trying chat, tuning and retrieval offline in minutes: knows its small world alone, and answers from passages"),
    ];

    /// <summary>The list.</summary>
    /// <param name="task">Of one task alone; null for all.</param>
    /// <param name="dataRoot">Where catalogued files lie.</param>
    /// <param name="cached">What is in the hub's cache.</param>
    public static string Text(string? task, string? dataRoot, IReadOnlyList<string> cached)
    {
        StringBuilder text = new();
        foreach ((string name, string kind, string facts, string good) in s_packaged.Where(item => task is null || item.Task == task))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{name,-50} {kind,-8} {facts}; comes as a package");
            text.AppendLine(CultureInfo.InvariantCulture, $"    {good}");
        }

        foreach (KnownModel model in KnownModels.All.Where(model => task is null || model.Task == task))
        {
            string where = model.IsOnHub ? cached.Contains(model.Name, StringComparer.OrdinalIgnoreCase) ? "in the cache" : "on the hub"
                : KnownModels.Locate(model, dataRoot) ?? "not here";
            text.AppendLine(CultureInfo.InvariantCulture,
                $"{model.Name,-50} {model.Task,-8} {Count(model.Parameters)} parameters{(model.Bytes is { } bytes ? $" ({bytes / 1e6:N1} MB)" : "")}, "
                    + $"{model.Licence}, {model.Input}{(model.Prefix is { } prefix ? $", '{prefix}' before every text" : "")}; {where}");
            text.AppendLine(CultureInfo.InvariantCulture, $"    {model.GoodFor}. {model.Origin}; {model.Page}");
        }

        return text.ToString().TrimEnd();
    }

    private static string Count(long parameters) => parameters >= 1_000_000
        ? string.Create(CultureInfo.InvariantCulture, $"{parameters / 1e6:0.#} million")
        : parameters.ToString("N0", CultureInfo.InvariantCulture);
}
