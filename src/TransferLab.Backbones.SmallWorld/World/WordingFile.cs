using System.Text.Json;
using System.Text.Json.Serialization;

namespace TransferLab.Backbones;

/// <summary>The words of the small world: its sentences and questions, and the parts of its names and values.</summary>
internal sealed record WordingFile
{
    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web);
    private static readonly Lazy<WordingFile> s_known = new(Load);

    /// <summary>The one that comes with the program.</summary>
    public static WordingFile Known => s_known.Value;

    /// <summary>Sentences and questions that suit every relation, by its noun.</summary>
    public required Frame Frames { get; init; }

    /// <summary>What can be said of people, towns, inns, ships and feasts.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<Wording>> Kinds { get; init; }

    /// <summary>The kinds of values.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> ValueKinds => field ??= [.. Kinds.Values.SelectMany(kind => kind).Select(wording => wording.Value).Distinct()];

    /// <summary>Values of two parts each.</summary>
    public required IReadOnlyDictionary<string, string[][]> Values { get; init; }

    /// <summary>Parts of names.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Names { get; init; }

    /// <summary>Small talk: what is said, and the answer.</summary>
    public required IReadOnlyList<string[]> Talk { get; init; }

    /// <summary>Frames of sentences and questions.</summary>
    internal sealed record Frame(IReadOnlyList<string> Say, IReadOnlyList<string> SayHeld, IReadOnlyList<string> Ask, IReadOnlyList<string> AskHeld);

    private static WordingFile Load()
    {
        using Stream stream = typeof(WordingFile).Assembly.GetManifestResourceStream("wordings.json")!;
        return JsonSerializer.Deserialize<WordingFile>(stream, s_options)!;
    }
}
