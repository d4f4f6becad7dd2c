using TransferLab.Comparison;
using TransferLab.Networks;
using TransferLab.Reporting.Display;
using TransferLab.Training;

namespace TransferLab.Reporting;

/// <summary>
/// How the library's values show themselves: as HTML in a notebook, as aligned text in a terminal. Notebooks find these forms by themselves; a program asks
/// for them.
/// </summary>
public static class DisplayForms
{
    /// <summary>A fragment of HTML with its own styles, needing no script and no network; null where the value has no form of its own.</summary>
    public static string? Html(object value) => value switch
    {
        ComparisonResults results => ComparisonDisplay.Html(results),
        BackboneCard card => CardDisplay.Html(card),
        FreezePlan plan => PlanDisplay.Html(plan),
        IDisplayed displayed => displayed.Html(),
        _ => null,
    };

    /// <summary>Lines for a terminal; null where the value has no form of its own.</summary>
    public static string? Text(object value) => value switch
    {
        ComparisonResults results => ComparisonDisplay.Text(results),
        BackboneCard card => CardDisplay.Text(card),
        FreezePlan plan => PlanDisplay.Text(plan),
        IDisplayed displayed => displayed.Text(),
        _ => null,
    };
}
