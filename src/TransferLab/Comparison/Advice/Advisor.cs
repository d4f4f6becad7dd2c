using System.Globalization;
using TransferLab.Strategies;

namespace TransferLab.Comparison.Advice;

/// <summary>Says what to expect before the time is spent.</summary>
/// <param name="facts">Measured comparisons to draw on.</param>
public sealed class Advisor(IReadOnlyList<AdviceFact> facts)
{
    private const double Worthwhile = 0.01;
    private const double Alike = 3; // Times as many examples a class, or as few.
    private const double Unlike = 0.3, Like = 0.6;
    private readonly AdviceModel _model = new(facts);

    /// <summary>Whether there are enough measured data sets to predict anything from.</summary>
    public bool CanAdvise => _model.CanPredict;

    /// <summary>Predicts every strategy that was measured often enough, and recommends one that adapts the pretrained weights.</summary>
    /// <exception cref="ArgumentException">There are too few facts (<see cref="CanAdvise"/>).</exception>
    public TransferAdvice Advise(TransferScores scores)
    {
        if (!CanAdvise)
        {
            throw new ArgumentException(
                $"Predictions need measured comparisons of {AdviceModel.FewestDataSets} data sets at least; make them from finished comparisons "
                    + $"(AdviceFacts.Of).");
        }

        AdvicePrediction[] predictions = [.. _model.Strategies.Select(strategy => _model.Predict(strategy, scores))];
        AdvicePrediction[] transfer = [.. predictions.Where(prediction => _model.RoleOf(prediction.Strategy) == StrategyRole.Transfer)];
        AdvicePrediction frozen = predictions.First(prediction => prediction.Strategy == StrategyCatalog.Frozen),
            best = transfer.MaxBy(prediction => prediction.Gain.Value)!;
        AdvicePrediction chosen = best.Gain.Value < Worthwhile
            ? frozen
            : transfer.Where(prediction => prediction.Gain.Value > best.Gain.Value - Worthwhile).MinBy(prediction => (double.IsNaN(prediction.Seconds.Value)
                ? double.MaxValue
                : prediction.Seconds.Value, -prediction.Gain.Value))!;
        bool isSure = chosen == frozen ? transfer.All(p => p.Gain.High < Worthwhile) : chosen.Gain.Low > 0;
        return new()
        {
            Scores = scores,
            Predictions = predictions,
            Recommended = chosen.Strategy,
            IsSure = isSure,
            Reasons = [.. Reasons(scores, frozen, chosen, best, isSure)],
        };
    }

    private IEnumerable<string> Reasons(TransferScores scores, AdvicePrediction frozen, AdvicePrediction chosen, AdvicePrediction best, bool isSure)
    {
        string perClass = Number(scores.PerClass, scores.PerClass < 10 ? "0.#" : "N0");
        AdviceFact[] alike = [.. facts.Where(fact => fact.Scores.PerClass >= scores.PerClass / Alike && fact.Scores.PerClass <= scores.PerClass * Alike
            && fact.Outcomes.Any(outcome => outcome.Strategy == StrategyCatalog.Full))];
        Estimate[] gains = [.. alike.Select(fact => fact.Outcomes.First(outcome => outcome.Strategy == StrategyCatalog.Full).Gain)];
        yield return $"Data size: {perClass} training examples a class. "
            + (gains.Length == 0 ? "With about as many, fine-tuning was not measured against freezing."
            : $"With about as many, fine-tuning was shown to be better than freezing in {gains.Count(gain => gain.Low > 0)} of {gains.Length} measured "
                + $"comparisons, and worse in {gains.Count(gain => gain.High < 0)}.");
        string domain = $"pretraining lifts the nearest neighbour from {Percent(scores.RandomNeighbour)} to {Percent(scores.Neighbour)} %";
        yield return scores.Likeness < Unlike
            ? $"Domain: {domain}, which is little: the data is unlike what the backbone was trained on, so its features leave much to gain."
            : scores.Likeness < Like ? $"Domain: {domain}; the data is in part like what the backbone was trained on."
            : $"Domain: {domain}: the data is like what the backbone was trained on, and its features serve as they are.";
        yield return $"Frozen features: a linear head reaches {Percent(scores.Probe)} % by cross-validation.";
        if (chosen.Strategy != frozen.Strategy)
        {
            string times = double.IsNaN(chosen.Seconds.Value)
                ? ""
                : $", for about {Number(chosen.Seconds.Value / frozen.Seconds.Value, "N0")} times the training time of frozen";
            yield return $"Gain: {chosen.Strategy} is expected to gain {Percent(chosen.Gain.Value)} points ({Percent(chosen.Gain.Low)} to "
                + $"{Percent(chosen.Gain.High)}, nine times in ten){times}.";
        }

        if (chosen != frozen && chosen != best)
        {
            string times = double.IsNaN(best.Seconds.Value) ? "" : $", in {Number(best.Seconds.Value / chosen.Seconds.Value, "0.0")} times the time";
            yield return $"Effort: {best.Strategy} is expected to gain {Percent(best.Gain.Value - chosen.Gain.Value)} points more, which is too little to "
                + $"choose by{times}.";
        }

        if (!isSure)
        {
            yield return chosen.Strategy == frozen.Strategy
                ? "Not sure: measured comparisons leave room for a gain by fine-tuning; 'transferlab compare' settles it."
                : "Not sure: measured comparisons leave room for no gain at all; 'transferlab compare' settles it.";
        }
    }

    private static string Percent(double share) => Number(100 * share, "0.0");

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}

/// <summary>What to expect, and what to do.</summary>
public sealed record TransferAdvice
{
    /// <summary>What it rests on.</summary>
    public required TransferScores Scores { get; init; }

    /// <summary>One prediction a strategy, <c>frozen</c> first.</summary>
    public required IReadOnlyList<AdvicePrediction> Predictions { get; init; }

    /// <summary>The strategy to start with.</summary>
    public required string Recommended { get; init; }

    /// <summary>Whether the measured comparisons leave no doubt, nine times in ten.</summary>
    public required bool IsSure { get; init; }

    /// <summary>Why, one sentence each.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }
}
