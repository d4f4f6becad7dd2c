using TransferLab.Comparison;
using TransferLab.Reporting.Html;

namespace TransferLab.Reporting.Sections;

/// <summary>How much of what the backbone knew is left.</summary>
internal static class RetentionSection
{
    /// <summary>Writes it, if it was measured.</summary>
    public static void Write(Page page)
    {
        (StrategyResult Strategy, Retention After, RetentionData? Data)[] shown =
            [.. page.Results.Strategies.Where(s => s.Retention is not null).Select(s =>
                (s, s.Retention!, s.Runs.Select(run => run.Retention?.Data).FirstOrDefault(data => data is not null)))];
        RetentionData[] before = [.. shown.Select(s => s.Data).OfType<RetentionData>().Distinct()];
        if (before.Length == 0)
        {
            return;
        }

        bool isOne = before.Length == 1; // Comparisons laid side by side may have other backbones, or other data.
        page.Begin("forgetting", "What is forgotten",
            string.Concat(before.GroupBy(data => (data.Name, data.Examples, data.Classes)).Select(Lead))
                + "The pretraining task itself cannot be tested without its data.");
        page.Table(
            "Mean over the seeds. Probe: accuracy of a linear probe on the features after training, by five-fold cross-validation. CKA: likeness of the "
                + "features before and after, 1 where they are the same but for rotation and scale. "
            + "Neighbours: share of the ten nearest neighbours that an example keeps.",
            ["Strategy", .. isOne ? [] : new[] { "Measured on", "Probe before, %#" }, "Probe, %#", "Change, points#", "CKA#", "Neighbours kept, %#"],
            shown.Select(s => (string[])
            [
                s.Strategy.Name,
                .. isOne ? [] : new[] { s.Data?.Name ?? "", s.Data is { } data ? Figures.Percent(data.ProbeBefore) : "" },
                Figures.Percent(s.After.Probe),
                s.Data is { } own ? Figures.Points(s.After.Probe - own.ProbeBefore) : "",
                Figures.Score(s.After.Cka),
                Figures.Percent(s.After.Neighbours),
            ]));
        page.End();
    }

    private static string Lead(IGrouping<(string Name, int Examples, int Classes), RetentionData> on) =>
        $"Measured on {Figures.Count(on.Key.Examples)} examples of {on.Key.Name} ({Figures.Count(on.Key.Classes, "class", "classes")}), which no strategy was "
            + $"trained on. "
        + $"The pretrained features let a linear probe reach {string.Join(" or ", on.Select(data => Figures.Percent(data.ProbeBefore)).Distinct())} % there. ";
}
