using TransferLab.Networks;
using TransferLab.Strategies;
using TransferLab.Training;

namespace TransferLab.Comparison.Advice;

/// <summary>
/// Predicts how strategies will come out from measured comparisons of other data. What is predicted is the gain over <c>frozen</c> in log-odds, linearly in
/// three things: how good frozen features are already, how many examples there are, and how like the pretraining domain the data is. A strategy that was
/// measured at one data size alone is predicted through its nearest relative, <c>full</c> where it moves the backbone and <c>frozen</c> otherwise, from which
/// it is to differ as it did there, on data of the same kind where that predicts better. Its uncertainty is what it gets wrong when each measured data set is
/// left out in turn.
/// </summary>
internal sealed class AdviceModel
{
    /// <summary>Strategies with fewer measured data sets are not predicted.</summary>
    public const int FewestDataSets = 4;
    private const string Reference = StrategyCatalog.Frozen, Whole = StrategyCatalog.Full;
    private const double FewestSizes = 2; // The largest measured number of examples a class over the smallest.
    private const double Penalty = 1;
    private const double Level = 0.9;
    private readonly IReadOnlyList<AdviceFact> _facts;

    /// <summary>Learns from facts.</summary>
    public AdviceModel(IReadOnlyList<AdviceFact> facts) => _facts = facts;

    /// <summary>Strategies that can be predicted: those measured on enough data sets.</summary>
    public IReadOnlyList<string> Strategies => [.. _facts.SelectMany(fact => fact.Outcomes.Select(outcome => (outcome.Strategy, fact.Data))).Distinct()
        .GroupBy(pair => pair.Strategy).Where(group => group.Count() >= FewestDataSets).Select(group => group.Key).OrderBy(name => name != Reference)
            .ThenBy(name => name, StringComparer.Ordinal)];

    /// <summary>Whether there is enough to predict anything from.</summary>
    public bool CanPredict => Strategies.Contains(Reference);

    /// <summary>Predicts one strategy.</summary>
    /// <param name="strategy">One of <see cref="Strategies"/>.</param>
    /// <param name="scores">What is known of the task.</param>
    public AdvicePrediction Predict(string strategy, TransferScores scores)
    {
        double frozen = Logistic(LogOdds(scores.Probe) + ProbeOffset(_facts));
        Estimate seconds = Seconds(strategy, scores);
        double frozenError = LeftOut((facts, fact) => LogOdds(fact.Scores.Probe) + ProbeOffset(facts), fact => LogOdds(Outcome(fact, Reference)!.Accuracy));
        if (strategy == Reference)
        {
            double wide = frozenError * Distributions.StudentQuantile((1 + Level) / 2, DataSets(strategy) - 1);
            return new(strategy, new(frozen, Logistic(LogOdds(frozen) - wide), Logistic(LogOdds(frozen) + wide)), new(0, 0, 0), seconds);
        }

        double gain = Gain(strategy, _facts, scores), half = Distributions.StudentQuantile((1 + Level) / 2, DataSets(strategy) - 1) * GainError(strategy);
        double At(double logOdds) => Logistic(LogOdds(frozen) + logOdds) - frozen;
        double both = Math.Sqrt((half * half) + Math.Pow(frozenError * Distributions.StudentQuantile((1 + Level) / 2, DataSets(strategy) - 1), 2)),
            middle = LogOdds(frozen) + gain;
        return new(strategy, new(Logistic(middle), Logistic(middle - both), Logistic(middle + both)), new(At(gain), At(gain - half), At(gain + half)), seconds);
    }

    private double GainError(string strategy) => LeftOut((facts, fact) => Gain(strategy, facts, fact.Scores), fact => LogOddsGain(fact, strategy), strategy);

    /// <summary>Root mean square of what is got wrong when each data set is left out in turn.</summary>
    private double LeftOut(Func<IReadOnlyList<AdviceFact>, AdviceFact, double> predict, Func<AdviceFact, double> measured, string strategy = Reference)
    {
        List<double> squares = [];
        foreach (string data in _facts.Where(fact => Outcome(fact, strategy) is not null).Select(fact => fact.Data).Distinct())
        {
            AdviceFact[] others = [.. _facts.Where(fact => fact.Data != data && Outcome(fact, Reference) is not null)];
            bool isEnough = others.Count(fact => Outcome(fact, strategy) is not null) > 1;
            squares.AddRange(_facts.Where(fact => fact.Data == data && Outcome(fact, strategy) is not null
                && isEnough).Select(fact => Math.Pow(predict(others, fact) - measured(fact), 2)));
        }

        return squares.Count == 0 ? 1 : Math.Sqrt(squares.Average());
    }

    private static double Gain(string strategy, IReadOnlyList<AdviceFact> facts, TransferScores scores)
    {
        AdviceFact[] known = [.. facts.Where(fact => Outcome(fact, strategy) is not null && Outcome(fact, Reference) is not null)];
        if (strategy == Whole || known.Max(fact => fact.Scores.PerClass) >= FewestSizes * known.Min(fact => fact.Scores.PerClass))
        {
            return new Ridge([.. known.Select(fact => Predictors(fact.Scores))], [.. known.Select(fact => LogOddsGain(fact, strategy))], Penalty)
                .At(Predictors(scores));
        }

        AdviceFact[] both = Moves(facts, strategy) ? [.. known.Where(fact => Outcome(fact, Whole) is not null)] : [];
        return both.Length == 0 ? Typical(known, scores.Kind, fact => LogOddsGain(fact, strategy))
            : Gain(Whole, facts, scores) + Typical(both, scores.Kind, fact => LogOddsGain(fact, strategy) - LogOddsGain(fact, Whole));
    }

    /// <summary>The mean of a difference: over all data, or over that of one kind, images or texts, where that gets less wrong when each data set is left out
    /// in turn. Of most strategies seven sets say more than four; contrast gains much on texts and nothing on images.</summary>
    private static double Typical(IReadOnlyList<AdviceFact> facts, InputKind kind, Func<AdviceFact, double> difference)
    {
        const int Fewest = 2; // Data sets of a kind.
        double Mean(IEnumerable<AdviceFact> among, InputKind of, bool byKind)
        {
            AdviceFact[] all = [.. among], like = [.. all.Where(fact => fact.Scores.Kind == of)];
            return (byKind && like.Select(fact => fact.Data).Distinct().Count() >= Fewest ? like : all).Select(difference).DefaultIfEmpty().Average();
        }

        double Wrong(bool byKind) =>
            facts.Sum(fact => Math.Pow(Mean(facts.Where(other => other.Data != fact.Data), fact.Scores.Kind, byKind) - difference(fact), 2));
        return Mean(facts, kind, Wrong(true) < Wrong(false));
    }

    private static double[] Predictors(TransferScores scores) => [LogOdds(scores.Probe), Math.Log(scores.PerClass), scores.Likeness];

    /// <summary>Cross-validation trains on four fifths, so the frozen strategy is a little better than it says.</summary>
    private static double ProbeOffset(IReadOnlyList<AdviceFact> facts) => facts.Select(fact => (fact.Scores.Probe, Outcome(fact, Reference)))
        .Where(pair => pair.Item2 is not null).Select(pair => LogOdds(pair.Item2!.Accuracy) - LogOdds(pair.Probe)).DefaultIfEmpty(0).Average();

    /// <summary>Time grows with examples, epochs, and what frozen layers take for one example on this machine; the factor is measured.</summary>
    private Estimate Seconds(string strategy, TransferScores scores)
    {
        double[] factors = [.. _facts.Where(fact => fact.Scores.Kind == scores.Kind && Outcome(fact, strategy) is { Seconds: > 0 })
            .Select(fact => Outcome(fact, strategy)!.Seconds / (fact.Scores.Examples * fact.SecondsPerExample * EpochsOf(strategy, fact.Scores.Examples)))
                .Order()];
        double unit = scores.Examples * scores.SecondsPerExample * EpochsOf(strategy, scores.Examples);
        return factors.Length == 0 ? new(double.NaN, double.NaN, double.NaN) : new(unit * factors[factors.Length / 2], unit * factors[0], unit * factors[^1]);
    }

    private double EpochsOf(string strategy, int examples) =>
        StrategyCatalog.Known(strategy) is TransferStrategy { MovesBackbone: true } || Moves(_facts, strategy) ? EpochPlan.EpochsFor(examples) : 1;

    /// <summary>What a strategy is in a comparison, by what was measured of it or, in facts of older versions, by its name.</summary>
    internal StrategyRole RoleOf(string strategy) =>
        Named(_facts, strategy).Select(outcome => outcome.Role).FirstOrDefault(role => role is not null) ?? StrategyCatalog.Known(strategy)?.Role
            ?? StrategyRole.Transfer;

    private static bool Moves(IReadOnlyList<AdviceFact> facts, string strategy) =>
        Named(facts, strategy).Select(outcome => outcome.MovesPretrained).FirstOrDefault(moves => moves is not null)
            ?? StrategyCatalog.Known(strategy)?.MovesPretrained ?? true;

    private static IEnumerable<AdviceOutcome> Named(IReadOnlyList<AdviceFact> facts, string strategy) =>
        facts.Select(fact => Outcome(fact, strategy)).OfType<AdviceOutcome>();

    private int DataSets(string strategy) =>
        Math.Max(2, _facts.Where(fact => Outcome(fact, strategy) is not null).Select(fact => fact.Data).Distinct().Count());

    private static AdviceOutcome? Outcome(AdviceFact fact, string strategy) => fact.Outcomes.FirstOrDefault(outcome => outcome.Strategy == strategy);

    private static double LogOddsGain(AdviceFact fact, string strategy) =>
        LogOdds(Outcome(fact, strategy)!.Accuracy) - LogOdds(Outcome(fact, Reference)!.Accuracy);

    // Held away from 0 and 1, where a single example decides.
    private static double LogOdds(double p)
    {
        double held = Math.Clamp(p, 0.01, 0.99);
        return Math.Log(held / (1 - held));
    }

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));
}

/// <summary>What is to be expected of a strategy; intervals are to hold nine times in ten.</summary>
/// <param name="Strategy">Its name.</param>
/// <param name="Accuracy">Test accuracy.</param>
/// <param name="Gain">Accuracy minus that of <c>frozen</c>.</param>
/// <param name="Seconds">Seconds of training on this machine, with the smallest and the largest factor that was measured; not a number where its kind of data
/// was not measured.</param>
public sealed record AdvicePrediction(string Strategy, Estimate Accuracy, Estimate Gain, Estimate Seconds);
