using TransferLab.Strategies;

namespace TransferLab.Comparison;

/// <summary>Ways that share an adaptation: it is tuned once a seed, and asked in every context.</summary>
/// <param name="Adaptation">How the model is tuned; null where it stays as it is.</param>
/// <param name="Stem">What its files are called, without seed and extension.</param>
/// <param name="Rows">The ways, with what their files are called.</param>
internal sealed record WayGroup(TransferStrategy? Adaptation, string Stem, IReadOnlyList<WayRow> Rows)
{
    /// <summary>All of a comparison, in the order of its table.</summary>
    public static IReadOnlyList<WayGroup> All(IReadOnlyList<AnswerWay> ways)
    {
        IReadOnlyDictionary<string, string> stems = FileStems.Of([.. ways.Select(way => way.Name), .. ways.Select(way => way.Adaptation?.Name ?? "as it is")]);
        return [.. ways.GroupBy(way => way.Adaptation?.Name ?? "").Select(group => new WayGroup(
            group.First().Adaptation, stems[group.First().Adaptation?.Name ?? "as it is"], [.. group.Select(way => new WayRow(way, stems[way.Name]))]))];
    }
}

/// <summary>A way as a row.</summary>
/// <param name="Way">The way.</param>
/// <param name="Stem">What its files are called, without seed and extension.</param>
internal sealed record WayRow(AnswerWay Way, string Stem);
