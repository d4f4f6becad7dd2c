using TransferLab.Comparison;
using TransferLab.Reporting.Html;

namespace TransferLab.Reporting.Sections;

/// <summary>What was trained on what, where, with which versions, and how to do it again.</summary>
internal static class CardSection
{
    /// <summary>Writes it.</summary>
    public static void Write(Page page)
    {
        page.Begin("cards", "Behind the figures");
        page.Markup.Open("div", ("class", "cards"));
        WriteCard(page, "Data", Data(page.Results));
        WriteCard(page, "Backbone", Backbone(page.Results.Backbone));
        WriteCard(page, "Machine", Machine(page.Results.Machine));
        WriteCard(page, "Versions", [.. page.Results.Machine.Packages.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => (p.Key, p.Value))]);
        page.Markup.Close();
        WriteClasses(page);
        if (page.Results.Command.Length > 0)
        {
            page.Markup.Line().Element("h3", "Again, with one command").Open("pre", ("tabindex", "0")).Element("code", page.Results.Command).Close();
        }

        page.Markup.Element("p", $"Made by {page.Results.Program}, {Figures.Moment(page.Results.Created)}.", ("class", "note"));
        page.End();
    }

    private static (string Term, string Value)[] Data(ComparisonResults results) =>
    [
        ("Name", results.Data.Name),
        ("Kind", results.Data.Kind),
        ("Classes", Figures.Count(results.Data.Classes.Count)),
        ("Training examples", Figures.Count(results.Data.TrainExamples)
            + (results.Data.TrainPerClass is int each ? $" ({Figures.Count(each)} a class)" : "")),
        ("Test examples", Figures.Count(results.Data.TestExamples)),
        ("SHA-256", results.Data.Hash),
        .. results.Data.Warnings.Select(warning => ("Warning", warning)),
    ];

    private static (string Term, string Value)[] Backbone(BackboneSummary backbone) =>
    [
        ("Name", backbone.Name),
        ("Architecture", backbone.Architecture),
        ("Trained on", backbone.TrainedOn),
        ("Origin", backbone.Origin),
        ("Licence", backbone.Licence),
        ("Parameters", Figures.Count(backbone.Parameters)),
        ("Feature width", Figures.Count(backbone.FeatureWidth)),
        ("Preprocessing", backbone.Preprocessing),
        ("SHA-256", backbone.Sha256),
    ];

    private static (string Term, string Value)[] Machine(MachineSummary machine) =>
    [
        ("System", machine.OperatingSystem),
        ("Processor", machine.Processor),
        ("Device", machine.Device),
        ("Threads", Figures.Count(machine.Threads)),
        ("Precision", machine.Precision),
        ("Runtime", machine.Runtime),
    ];

    private static void WriteCard(Page page, string heading, IReadOnlyList<(string Term, string Value)> entries)
    {
        page.Markup.Line().Open("article", ("class", "card")).Element("h3", heading).Open("dl");
        foreach ((string term, string value) in entries)
        {
            page.Markup.Element("dt", term).Element("dd", value, ("class", term == "SHA-256" ? "hash" : ""));
        }

        page.Markup.Close().Close();
    }

    private static void WriteClasses(Page page)
    {
        int[] tests = new int[page.Results.Data.Classes.Count];
        foreach (TestExample example in page.Results.Test)
        {
            if ((uint)example.Label < (uint)tests.Length)
            {
                tests[example.Label]++;
            }
        }

        page.Markup.Line().Element("h3", "Classes and their test examples").Open("ol", ("class", "classes"));
        for (int i = 0; i < tests.Length; i++)
        {
            page.Markup.Open("li").Element("bdi", page.Results.Data.Classes[i]).Text(" ").Element("span", Figures.Count(tests[i]), ("class", "range")).Close();
        }

        page.Markup.Close();
    }
}
