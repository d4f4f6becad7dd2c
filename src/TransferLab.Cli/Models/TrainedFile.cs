using System.Text.Json;
using TransferLab.Backbones;
using TransferLab.Hub;
using TransferLab.Models;

namespace TransferLab.Cli;

/// <summary>
/// Options that take a model which has learnt its classes: a file that compare, train or export wrote. Whatever else the one grammar
/// (<see cref="ModelResolver"/>) names is refused by what it is, before anything is fetched, and with the command that it is for.
/// </summary>
internal static class TrainedFile
{
    private const long MostConfig = 1 << 24;
    private static readonly string[] s_published = [".pth", ".pt", ".th", ".bin"];

    /// <summary>Sees to it that a text names a file that may hold a trained model; its weights are not read.</summary>
    /// <param name="option">The option and the text, for messages.</param>
    /// <param name="given">The text.</param>
    /// <param name="takes">What the command takes, a sentence.</param>
    /// <exception cref="ArgumentException">It names something else, or nothing: one line.</exception>
    public static void Check(string option, string given, string takes)
    {
        bool isOther = Path.GetExtension(given).ToLowerInvariant() is ".onnx" or ".zip"; // No name of a model ends so.
        if (!(isOther && File.Exists(given)) && Refusal(given) is { } refusal)
        {
            throw new ArgumentException($"{option} {given}: {refusal}; {takes}");
        }
    }

    private static string? Refusal(string given) => given switch
    {
        _ when HubReference.IsReference(given) => OfHub(given, HubReference.Parse(given)),
        _ when BackboneCatalog.BuiltIn.Contains(given, StringComparer.OrdinalIgnoreCase) => Backbone(given),
        _ when SmallWorld.Name.Equals(given, StringComparison.OrdinalIgnoreCase) => LanguageModel(given),
        _ when KnownModels.Find(given) is { } known => known.IsLanguageModel ? LanguageModel(given) : Backbone(given),
        _ when Directory.Exists(given) => OfFolder(given),
        _ when File.Exists(given) => OfFile(given),
        _ => "there is no such file, and no model of that name",
    };

    private static string OfHub(string given, HubReference reference) => KnownModels.Find(HubReference.Prefix + reference.Model) is { } known
        ? known.IsLanguageModel ? LanguageModel(given) : Backbone(given)
        : $"is a model of the hub, which has learnt none of your classes: 'transferlab train --backbone {given}' teaches it, "
            + $"and 'transferlab chat --model {given}' talks to a language model";

    private static string OfFolder(string folder)
    {
        if (File.Exists(Path.Combine(folder, LanguageModelCard.FileName)) || HoldsLanguageModel(Path.Combine(folder, "config.json")))
        {
            return LanguageModel(folder);
        }

        string models = Path.Combine(folder, "models");
        string? file = Directory.Exists(models) ? Directory.GetFiles(models, "*.safetensors").Order(StringComparer.Ordinal).FirstOrDefault() : null;
        return file is not null ? $"is the folder of a comparison: name one of its models, such as {Path.Combine(models, Path.GetFileName(file))}"
            : File.Exists(Path.Combine(folder, "config.json")) ? Backbone(folder) : "is a folder: name a file";
    }

    /// <summary>Whether a configuration of the hub names a network that writes; of one that cannot be read, what opens it tells more.</summary>
    private static bool HoldsLanguageModel(string config)
    {
        try
        {
            using JsonDocument json = File.Exists(config) && new FileInfo(config).Length < MostConfig
                ? JsonDocument.Parse(File.ReadAllText(config))
                : JsonDocument.Parse("{}");
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("architectures", out JsonElement names)
                && names.ValueKind == JsonValueKind.Array
                    && names.EnumerateArray().Any(name => name.ToString().EndsWith("ForCausalLM", StringComparison.Ordinal));
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string? OfFile(string file) => Path.GetExtension(file).ToLowerInvariant() switch
    {
        ".safetensors" => BackboneFile.IsSaved(file) ? null : Backbone(file),
        ".gguf" => LanguageModel(file),
        { } other => s_published.Contains(other) ? Backbone(file) : null, // What opens it says what it is.
    };

    private static string Backbone(string name) => $"is a backbone, which has learnt no classes yet: 'transferlab train --backbone {name}' teaches it yours";

    private static string LanguageModel(string name) =>
        $"is a language model: 'transferlab chat --model {name}' talks to it, 'transferlab export --model {name} --gguf FILE' writes it, "
            + $"and --backbone {name} trains on its features";
}
