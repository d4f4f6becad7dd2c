using System.Globalization;
using TransferLab.Training;

namespace TransferLab.Reporting.Display;

/// <summary>What is frozen in a network, and what trains.</summary>
internal static class PlanDisplay
{
    private static readonly string[] s_columns = ["layer group", "state", "parameters that move", "of"];

    /// <summary>As HTML.</summary>
    public static string Html(FreezePlan plan) => Fragment.Of(markup =>
    {
        markup.Element("p", Sum(plan), ("class", "tlab-lead"));
        Fragment.Table(markup, s_columns, plan.Groups.Select(group => ((IEnumerable<string>)Cells(group), group.Trains ? "" : "tlab-off")));
        markup.Element("p", Note(plan), ("class", "tlab-note"));
    });

    /// <summary>As text.</summary>
    public static string Text(FreezePlan plan) => $"{plan}\n{Sum(plan)} {Note(plan)}";

    private static string[] Cells(FreezePlan.Line group) =>
        [group.Name, group.Trains ? "trains" : "frozen", Figures.Count(group.Moving), Figures.Count(group.Parameters)];

    private static string Sum(FreezePlan plan) => string.Create(CultureInfo.InvariantCulture,
        $"{plan.TrainableParameters:N0} of {plan.TotalParameters:N0} parameters train ({100.0 * plan.TrainableParameters / plan.TotalParameters:0.###} %).");

    private static string Note(FreezePlan plan) => plan.FrozenPrefix == 0
        ? "Nothing in front is frozen: every batch runs through the whole network."
        : $"The first {Figures.Count(plan.FrozenPrefix, "group")} stay bit for bit as they are; where inputs are not varied, their output is computed once and "
            + $"kept.";
}
