using System.Globalization;
using System.Text.RegularExpressions;
using TransferLab.Comparison;
using TransferLab.Reporting.Html;
using TransferLab.Reporting.Plots;

namespace TransferLab.Reporting.Sections;

/// <summary>The confident mistakes of the first run, with their pictures or texts.</summary>
internal static partial class MistakeSection
{
    private const int MostShown = 24;
    private const int LongestText = 400;
    private const int LongestNeighbour = 140;
    private const float Faint = 0.15f;

    private const string Explained =
        " In a text, words that spoke for the answer that was given are filled, and words that spoke for the right one underlined; what the network did not"
        + " read is grey. By gradient times embedding: what the lead of the one class over the other would lose, to first order, if a word's embedding"
        + " faded. It is no proof of how the network decides.";

    /// <summary>Writes it, if any strategy has some.</summary>
    public static void Write(Page page)
    {
        if (page.Results.Strategies.All(s => s.WorstMistakes.Count == 0))
        {
            return;
        }

        page.Begin("mistakes", "The worst mistakes", "Test examples that the first seed got wrong, the most confident first. Look for wrong labels, too."
            + (page.Results.Strategies.Any(s => s.WorstMistakes.Any(m => m.Focus is not null))
                ? " Beside an image, the same one, bright where the network found its evidence (Grad-CAM)."
                : "")
            + (page.Results.Strategies.Any(s => s.WorstMistakes.Any(m => m.Words is not null)) ? Explained : ""));
        foreach ((StrategyResult strategy, SeriesStyle style) in page.Strategies.Where(s => s.Strategy.WorstMistakes.Count > 0))
        {
            page.Markup.Line().Open("h3");
            page.Key(style);
            page.Markup.Element("bdi", style.Name, ("class", "name")).Close();
            bool isText = strategy.WorstMistakes.All(m => Picture(m.Thumbnail) is null);
            page.Markup.Open("div", ("class", isText
                ? "mistakes texts"
                : strategy.WorstMistakes.Any(m => m.Focus is not null)
                ? "mistakes pairs"
                : "mistakes"));
            foreach (Mistake mistake in strategy.WorstMistakes.Take(MostShown))
            {
                WriteMistake(page, mistake);
            }

            page.Markup.Close();
        }

        page.End();
    }

    private static void WriteMistake(Page page, Mistake mistake)
    {
        TestExample? example = (uint)mistake.Index < (uint)page.Results.Test.Count ? page.Results.Test[mistake.Index] : null;
        string file = example?.Name ?? $"test example {mistake.Index}";
        string truth = Class(page, example?.Label ?? -1), predicted = Class(page, mistake.Predicted);
        MarkupWriter markup = page.Markup.Line().Open("figure");
        if (Picture(mistake.Thumbnail) is string picture)
        {
            string? focus = Picture(mistake.Focus);
            markup.Open("div", ("class", focus is null ? "" : "looked")).Empty("img", ("src", picture), ("alt", $"{file}: {truth}, taken for {predicted}"));
            if (focus is not null)
            {
                markup.Empty("img", ("src", focus), ("alt", $"{file}: bright where the network found its evidence for {predicted}"));
            }

            markup.Close();
        }
        else if (mistake.Text is string text)
        {
            markup.Open("blockquote");
            WriteText(markup, text, mistake.Words);
            markup.Close();
        }

        markup.Open("figcaption");
        markup.Open("span", ("class", "said")).Element("bdi", predicted).Text(" ").Element("b", $"{Figures.Percent(mistake.Score)} %").Close();
        markup.Open("span", ("class", "truth")).Text("is ").Element("bdi", truth).Close();
        markup.Element("small", file, ("class", "file")).Close();
        WriteNearest(page, mistake);
        markup.Close();
    }

    /// <summary>A text, its words marked where it is known what they spoke for.</summary>
    private static void WriteText(MarkupWriter markup, string text, IReadOnlyList<WordEvidence>? words)
    {
        int left = LongestText;
        foreach (WordEvidence word in words is null || string.Concat(words.Select(word => word.Text)) != text ? [new(text, 0)] : words)
        {
            string shown = Canvas.Short(word.Text, Math.Max(2, left));
            left -= word.Text.Length;
            if (word.Weight is { } weight && Math.Abs(weight) < Faint)
            {
                markup.Text(shown);
            }
            else
            {
                int level = Math.Clamp((int)Math.Ceiling(3 * Math.Abs(word.Weight ?? 0)), 1, 3);
                string css = word.Weight is null ? "unread" : word.Weight > 0 ? $"for{level}" : $"against{level}";
                string title = word.Weight?.ToString("+0.00;-0.00", CultureInfo.InvariantCulture) ?? "not read";
                markup.Element("span", shown.TrimEnd(), ("class", css), ("title", title));
                markup.Text(shown[shown.TrimEnd().Length..]);
            }

            if (left <= 0)
            {
                return;
            }
        }
    }

    private static void WriteNearest(Page page, Mistake mistake)
    {
        if (mistake.Nearest is not { Count: > 0 } nearest)
        {
            return;
        }

        MarkupWriter markup = page.Markup.Element("p", "Nearest training texts", ("class", "near")).Open("ul", ("class", "near"));
        foreach (Neighbour near in nearest)
        {
            markup.Open("li").Element("bdi", Class(page, near.Label)).Text($" {near.Cosine.ToString("0.00", CultureInfo.InvariantCulture)} ")
                .Element("q", Canvas.Short(near.Text, LongestNeighbour)).Close();
        }

        markup.Close();
    }

    // Whatever else calls itself a picture (SVG, a network address) stays out of the page.
    private static string? Picture(string? uri) => uri is not null && DataUri().IsMatch(uri) ? uri : null;

    private static string Class(Page page, int index) =>
        (uint)index < (uint)page.Results.Data.Classes.Count ? page.Results.Data.Classes[index] : $"class {index}";

    [GeneratedRegex("^data:image/(jpeg|png|webp|gif);base64,[A-Za-z0-9+/]+={0,2}$", RegexOptions.CultureInvariant)]
    private static partial Regex DataUri();
}
