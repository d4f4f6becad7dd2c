using TransferLab.Comparison;
using TransferLab.Reporting.Html;

namespace TransferLab.Reporting.Sections;

/// <summary>How much of what the backbone knew is left.</summary>
internal static class RetentionSection
{
    /// <summary>Writes it, if it was measured.</summary>
    public static void Write(Page page)
    {
        if (page.Results.Retention is not { } data)
        {
            return;
        }

        page.Begin("forgetting", "What is forgotten",
            $"Measured on {Figures.Count(data.Examples)} examples of {data.Name} ({Figures.Count(data.Classes, "class", "classes")}), which no strategy was trained on. The pretrained features let a linear probe reach {Figures.Percent(data.ProbeBefore)} % there. "
            + "The pretraining task itself cannot be tested without its data.");
        page.Table("Mean over the seeds. Probe: accuracy of a linear probe on the features after training, by five-fold cross-validation. CKA: likeness of the features before and after, 1 where they are the same but for rotation and scale. "
            + "Neighbours: share of the ten nearest neighbours that an example keeps.",
            ["Strategy", "Probe, %#", "Change, points#", "CKA#", "Neighbours kept, %#"],
            page.Results.Strategies.Where(s => s.Retention is not null).Select(s => (string[])
            [
                s.Name, Figures.Percent(s.Retention!.Probe), Figures.Points(s.Retention.Probe - data.ProbeBefore), Figures.Score(s.Retention.Cka), Figures.Percent(s.Retention.Neighbours),
            ]));
        page.End();
    }
}
