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
        if (page.Results.Sources.Count > 0)
        {
            SourceCards(page);
        }
        else
        {
            OwnCards(page);
        }

        page.Markup.Close();
        if (page.Results.Questions is null)
        {
            WriteClasses(page);
        }

        string[] commands = [.. page.Results.Sources.Select(source => source.Command).Append(page.Results.Command).Where(command => command.Length > 0)];
        if (commands.Length > 0)
        {
            string heading = commands.Length == 1 ? "Again, with one command" : "Again, with these commands";
            page.Markup.Line().Element("h3", heading).Open("pre", ("tabindex", "0")).Element("code", string.Join('\n', commands)).Close();
        }

        page.Markup.Element("p", MadeBy(page.Results), ("class", "note"));
        page.End();
    }

    private static void OwnCards(Page page)
    {
        WriteCard(page, "Data", Data(page.Results));
        foreach (BackboneSummary backbone in page.Results.Backbones ?? [page.Results.Backbone])
        {
            WriteCard(page, page.Results.Questions is null ? "Backbone" : "Model", Backbone(backbone));
        }

        WriteCard(page, "Machine", Machine(page.Results.Machine));
        WriteCard(page, "Versions", Versions(page.Results.Machine));
    }

    /// <summary>One card for each comparison that was joined.</summary>
    private static void SourceCards(Page page)
    {
        foreach (ResultsSource source in page.Results.Sources)
        {
            WriteCard(page, source.Name,
            [
                ("Program", source.Program),
                ("Ended", Figures.Moment(source.Created)),
                ("Training examples", TrainingExamples(source.Data)),
                ("Test examples", Figures.Count(source.Data.TestExamples)),
                ("Data's SHA-256", source.Data.Hash),
                .. (source.Backbones ?? [source.Backbone]).SelectMany(Backbone).Select(entry => entry.Term == "Name" ? ("Backbone", entry.Value) : entry),
                .. Machine(source.Machine),
                .. Versions(source.Machine),
            ]);
        }
    }

    private static string MadeBy(ComparisonResults results) => results.Sources.Count == 0
        ? $"Made by {results.Program}, {Figures.Moment(results.Created)}."
        : $"Joined from {Figures.Count(results.Sources.Count, "comparison")}: "
            + $"{string.Join(", ", results.Sources.Select(source => $"{source.Name} by {source.Program}"))}.";

    private static string TrainingExamples(DataSummary data) =>
        Figures.Count(data.TrainExamples) + (data.TrainPerClass is int each ? $" ({Figures.Count(each)} a class)" : "");

    private static (string Term, string Value)[] Versions(MachineSummary machine) =>
        [.. machine.Packages.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => (p.Key, p.Value))];

    private static (string Term, string Value)[] Data(ComparisonResults results) =>
    [
        ("Name", results.Data.Name),
        ("Kind", results.Data.Kind),
        .. results.Questions is null ? new[] { ("Classes", Figures.Count(results.Data.Classes.Count)) } : [],
        ("Training examples", TrainingExamples(results.Data)),
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
        .. backbone.FeatureWidth > 0 ? new[] { ("Feature width", Figures.Count(backbone.FeatureWidth)) } : [],
        ("Preprocessing", backbone.Preprocessing),
        .. backbone.Assumed.Length > 0 ? new[] { ("Assumed", backbone.Assumed) } : [],
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
            page.Markup.Element("dt", term).Element("dd", value, ("class", term.EndsWith("SHA-256", StringComparison.Ordinal) ? "hash" : ""));
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
