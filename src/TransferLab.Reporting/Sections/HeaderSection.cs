using TransferLab.Comparison;
using TransferLab.Reporting.Answers;
using TransferLab.Reporting.Html;

namespace TransferLab.Reporting.Sections;

/// <summary>Title, the verdict, and where to find what.</summary>
internal static class HeaderSection
{
    /// <summary>The question that a page about labels is about.</summary>
    public const string Question = "Freeze or fine-tune?";

    /// <summary>Writes it.</summary>
    public static void Write(Page page)
    {
        ComparisonResults results = page.Results;
        MarkupWriter markup = page.Markup.Line().Open("header");
        markup.Open("h1").Text((results.Questions is null ? Question : AnswerSections.Question) + " ").Element("span", results.Data.Name, ("class", "name"))
            .Close();
        string verdict = results.Verdicts.Count > 0 ? results.Verdicts[0] : $"{Figures.Count(results.Strategies.Count, "strategy", "strategies")} compared.";
        markup.Line().Element("p", verdict, ("class", "verdict"));
        foreach (string sentence in results.Verdicts.Skip(1))
        {
            markup.Element("p", sentence, ("class", "verdict-more"));
        }

        markup.Line().Element("p", Facts(results), ("class", "facts"));
        foreach (string warning in results.Data.Warnings.Concat(results.Warnings))
        {
            markup.Open("p", ("class", "warning")).Element("strong", "Mind: ").Text(warning).Close();
        }

        markup.Close();
    }

    private static string Facts(ComparisonResults results)
    {
        int seeds = results.Strategies.Count == 0 ? 0 : results.Strategies.Max(s => s.Runs.Count);
        string device = results.Machine.Device == "cpu" ? $"cpu, {Figures.Count(results.Machine.Threads, "thread")}" : results.Machine.Device;
        string[] backbones = [.. results.Sources.SelectMany(source => source.Backbones ?? [source.Backbone]).Concat(results.Backbones ?? [results.Backbone])
            .Select(backbone => backbone.Name).Distinct()];
        return string.Join(" · ",
        [
            results.Questions is { } asked
                ? Figures.Count(asked.Clusters, "cluster") + $" of questions by {asked.ClusteredBy}"
                : Figures.Count(results.Data.Classes.Count, "class", "classes"),
            $"{Figures.Count(results.Data.TrainExamples)} training and "
                + $"{Figures.Count(results.Data.TestExamples, results.Questions is null ? "test example" : "test question")}",
            Figures.Count(seeds, "seed"),
            string.Join(", ", backbones),
            .. results.Sources.Count > 0 ? (string[])[Figures.Count(results.Sources.Count, "comparison")] : [device, Figures.Moment(results.Created)],
        ]);
    }
}
