using TransferLab.Comparison;
using TransferLab.Reporting.Html;

namespace TransferLab.Reporting.Sections;

/// <summary>How well each class is found.</summary>
internal static class ClassSection
{
    private const int MostClasses = 120;

    /// <summary>Writes it, if the results hold it.</summary>
    public static void Write(Page page)
    {
        StrategyResult[] shown = [.. page.Results.Strategies.Where(s => s.Classes is not null)];
        if (shown.Length == 0 || page.Results.Data.Classes.Count > MostClasses)
        {
            return;
        }

        page.Begin("recall", "Class by class");
        page.Table("Recall in per cent: the share of a class's test examples that is found, over all seeds; the class that is found worst comes first",
            ["Class", "Test examples#", .. shown.Select(s => s.Name + "#")],
            Enumerable.Range(0, page.Results.Data.Classes.Count)
                .OrderBy(c => shown.Min(s => s.Classes![c].Recall ?? 2))
                .Select(c => (string[])[page.Results.Data.Classes[c], Figures.Count(shown[0].Classes![c].Tests),
                    .. shown.Select(s => s.Classes![c].Recall is { } recall ? Figures.Percent(recall) : "n/a")]));
        page.End();
    }
}
