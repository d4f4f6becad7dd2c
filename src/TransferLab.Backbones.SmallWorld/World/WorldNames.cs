using System.Globalization;
using System.Text.Json;

namespace TransferLab.Backbones;

/// <summary>Names and values of the small world, made up from parts.</summary>
internal sealed class WorldNames(WorldRandom random)
{
    private static readonly string[] s_months =
        ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

    private readonly WordingFile _words = WordingFile.Known;

    /// <summary>The name of a person, town, inn, ship or feast.</summary>
    public string Entity(string kind, bool isFemale) => kind switch
    {
        "person" => Person(isFemale),
        "town" => random.Draw(Town),
        "street" => random.Draw(() => $"{Capital(Root(1))} {random.Of(Parts("street"))}"),
        "river" => random.Draw(() => Capital(Root(1) + random.Of(Parts("river")))),
        _ => random.Draw(() => $"the {Pair(_words.Names[kind].Deserialize<string[][]>()!)}"),
    };

    /// <summary>A value of a kind.</summary>
    public string Value(string kind) => kind switch
    {
        "person" => Person(random.Chance(0.5)),
        "town" or "street" or "river" => Entity(kind, false),
        "year" => random.Draw(() => Number(1400 + random.Next(600))),
        "count" => random.Draw(() => Number(11 + random.Next(random.Chance(0.5) ? 89 : 989))),
        "weight" => random.Draw(() => $"{Number(11 + random.Next(900))} pounds"),
        "price" => random.Draw(() => $"{Number(2 + random.Next(97))} {(random.Chance(0.5) ? "pence" : "shillings")}"),
        "date" => random.Draw(() => $"{Number(1 + random.Next(28))} {random.Of(s_months)}"),
        _ => random.Draw(() => Pair(_words.Values[kind])),
    };

    private string Person(bool isFemale) => random.Draw(() => Capital(Root(1) + random.Of(Parts(isFemale ? "female" : "male"))))
        + " " + random.Draw(() => Capital(Root(1) + random.Of(Parts("family"))));

    private string Town() => Capital(Root(1) + random.Of(Parts("town")));

    private string Root(int syllables) => string.Concat(Enumerable.Range(0, syllables + (random.Chance(0.15) ? 1 : 0))
        .Select(_ => random.Of(Parts("onsets")) + random.Of(Parts("vowels")) + random.Of(Parts("codas"))));

    private string Pair(string[][] parts) => $"{random.Of(parts[0])} {random.Of(parts[1])}";

    private string[] Parts(string name) => _parts.TryGetValue(name, out string[]? parts) ? parts : _parts[name] = _words.Names[name].Deserialize<string[]>()!;

    private readonly Dictionary<string, string[]> _parts = [];

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
