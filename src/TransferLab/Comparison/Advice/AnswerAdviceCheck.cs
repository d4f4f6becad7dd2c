namespace TransferLab.Comparison.Advice;

/// <summary>
/// How often advice on answers was right: by the rules as they stand, and by rules whose lines were drawn where they lose least on the other sets, so that no
/// set has a say in its own advice.
/// </summary>
public sealed record AnswerAdviceCheck
{
    private const int FewestSets = 3;

    /// <summary>One line a measured comparison, by the rules as they stand.</summary>
    public required IReadOnlyList<Line> Lines { get; init; }

    /// <summary>The same comparisons, each advised by lines that were drawn on the others.</summary>
    public required IReadOnlyList<Line> LeftOut { get; init; }

    /// <summary>The mean loss against the best way of each set if one way were always taken; the ways that every set has.</summary>
    public required IReadOnlyDictionary<string, double> Always { get; init; }

    /// <summary>Checks.</summary>
    /// <exception cref="ArgumentException">There are too few sets.</exception>
    public static AnswerAdviceCheck Of(IReadOnlyList<AnswerFact> facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        int sets = facts.Select(fact => fact.Data).Distinct().Count();
        if (sets < FewestSets)
        {
            throw new ArgumentException($"A check leaves one set out and needs {FewestSets - 1} others; there are {sets} in all.");
        }

        string[] common = [.. facts[0].Scores.Keys.Where(way => facts.All(fact => fact.Scores.ContainsKey(way)))];
        return new()
        {
            Lines = [.. facts.Select(fact => Line.Of(fact, new()))],
            LeftOut = [.. facts.Select(fact => Line.Of(fact, Drawn([.. facts.Where(other => other.Data != fact.Data)])))],
            Always = common.ToDictionary(way => way, way => facts.Average(fact => Best(fact) - fact.Scores[way].Average())),
        };
    }

    private static double Best(AnswerFact fact) => fact.Scores.Values.Max(scores => scores.Average());

    /// <summary>The lines that lose least; of equal ones those as they stand, or else the first.</summary>
    private static AnswerThresholds Drawn(AnswerFact[] facts) =>
        AnswerThresholds.Around.MinBy(thresholds => Math.Round(facts.Average(fact => Line.Of(fact, thresholds).Regret), 6))!;

    /// <summary>One measured comparison, and the advice before it.</summary>
    /// <param name="Data">Its set.</param>
    /// <param name="Start">The way that advice starts with.</param>
    /// <param name="Then">What it says to try next; null for nothing.</param>
    /// <param name="Taken">The better of the two, as measured: whoever follows advice tries both.</param>
    /// <param name="Best">The best of all ways that were measured.</param>
    /// <param name="Score">What the best scored.</param>
    /// <param name="Gap">What the taken one scored less, paired, with its 95 % interval.</param>
    /// <param name="StartGap">The same of the start alone.</param>
    public sealed record Line(string Data, string Start, string? Then, string Taken, string Best, double Score, Estimate Gap, Estimate StartGap)
    {
        private const double Tolerance = 0.05;

        /// <summary>What following advice lost.</summary>
        public double Regret => Gap.Value;

        /// <summary>Whether the better of the two is not shown to be worse than the best, and within five points of it.</summary>
        public bool IsRight => IsNear(Gap);

        /// <summary>Whether the start alone is.</summary>
        public bool IsStartRight => IsNear(StartGap);

        internal static Line Of(AnswerFact fact, AnswerThresholds thresholds)
        {
            AnswerAdvice advice = AnswerAdvisor.Advise(fact.Evidence, thresholds);
            string Measured(string way) => fact.Scores.ContainsKey(way) ? way
                : throw new ArgumentException($"{fact.Data}: the advised way '{way}' was not measured; measure {string.Join(", ", fact.Scores.Keys)} and it.");
            string start = Measured(advice.Start), taken = advice.Then is { } then && Mean(Measured(then)) > Mean(start) ? then : start;
            string best = fact.Scores.Keys.MaxBy(Mean)!;
            best = Mean(taken) == Mean(best) ? taken : best;
            return new(fact.Data, start, advice.Then, taken, best, Mean(best), Behind(taken), Behind(start));

            double Mean(string way) => fact.Scores[way].Average();
            Estimate Behind(string way) =>
                AnswerStatistics.Difference([[.. fact.Scores[way]]], [[.. fact.Scores[best]]], [.. fact.Clusters], isShare: true).Difference;
        }

        private static bool IsNear(Estimate gap) => gap is { Low: <= 0, Value: < Tolerance };
    }
}
