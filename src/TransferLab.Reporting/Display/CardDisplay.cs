using TransferLab.Networks;

namespace TransferLab.Reporting.Display;

/// <summary>A backbone's card.</summary>
internal static class CardDisplay
{
    /// <summary>As HTML.</summary>
    public static string Html(BackboneCard card) => Fragment.Of(markup =>
    {
        markup.Open("table", ("class", "tlab-card")).Open("tbody");
        foreach ((string term, string value) in Lines(card))
        {
            markup.Open("tr").Element("td", term).Element("td", value).Close();
        }

        markup.Close().Close();
    });

    /// <summary>As text.</summary>
    public static string Text(BackboneCard card) => string.Join('\n', Lines(card).Select(line => $"{line.Term,-13} {line.Value}"));

    private static IEnumerable<(string Term, string Value)> Lines(BackboneCard card) => ((string Term, string Value)[])
    [
        ("Backbone", Figures.Name(card.Name)), ("Architecture", Figures.Name(card.Architecture)), ("Trained on", Figures.Name(card.TrainedOn)),
        ("Origin", Figures.Name(card.Origin)), ("Licence", Figures.Name(card.Licence)), ("SHA-256", card.Sha256 is "" ? "no file" : card.Sha256[..16] + "..."),
    ];
}
