using System.Diagnostics;
using System.Globalization;
using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Runtime;
using TransferLab.Strategies;
using TransferLab.Training;

namespace TransferLab.Comparison;

/// <summary>
/// Looks for the learning rate of the layers before a strategy trains. Each trial is a whole schedule, down to zero, on a part of the training examples, and
/// is judged on the rest by log loss. From 300 examples on, and under a budget, a fifth is held out, and trials are so short that all four take at most half of
/// the run's time again, or a third of its budget; what is best for them is not always best for the whole, so the strategy's own rate stays unless another is
/// better by more than one standard error of the paired differences. Below, a fifth is too little to choose by and an eighth of the schedule is a handful of
/// steps: three parts take turns, so that every example is held out once, each trial has all epochs of the run, and the least loss decides. All together take
/// some <see cref="TimesOfFew"/> times as long as the run. Where no trial is better than the shares of the classes, none has learned enough to choose by.
/// </summary>
internal sealed class RateSearch(Learner learner, IReadOnlyList<string> classes)
{
    private const double HeldOutShare = 0.2, SmallestProbability = 1e-7;

    private const int FoldsOfFew = 3;

    /// <summary>How many times as long as the run all trials take where examples are few: four rates, two thirds of the examples, three times.</summary>
    public const int TimesOfFew = 8;

    /// <summary>A trial's epochs as a share of the run's; four of an eighth are half of it.</summary>
    private const double Share = 1 / 8.0;

    /// <summary>What all trials take of a budget.</summary>
    private const double BudgetShare = 1 / 3.0;
    private static readonly double[] s_factors = [1, 1 / 10.0, 1 / 3.0, 3];

    /// <summary>Chooses.</summary>
    /// <param name="strategy">As it is by default.</param>
    /// <param name="train">The training examples.</param>
    /// <param name="seed">Decides what is held out.</param>
    /// <param name="known">Trials that an interrupted run has done.</param>
    /// <param name="keep">Is given all trials so far after each.</param>
    /// <param name="progress">Told while a trial trains.</param>
    /// <param name="cancellation">Stops within a batch.</param>
    /// <returns>The strategy at the rate, the seconds that all trials took, and the choice in words; null where there is no rate to look for.</returns>
    public (Strategy Best, double Seconds, string? Choice) Choose(
        Strategy strategy, IReadOnlyList<Example> train, int seed, IReadOnlyList<TrialScore> known, Action<IReadOnlyList<TrialScore>> keep,
        IProgress<TrainingProgress> progress, CancellationToken cancellation)
    {
        if (strategy is not TransferStrategy transfer || !transfer.Phases.Any(MovesLayers))
        {
            return (strategy, 0, null);
        }

        int fold = Seeds.Mix(seed, "rate fold");
        bool isWhole = EpochPlan.IsFew(train.Count) && learner.Options.Budget is null;
        IReadOnlyList<(IReadOnlyList<Example> Kept, IReadOnlyList<Example> HeldOut)> folds = isWhole
            ? Split.StratifiedFolds(train, FoldsOfFew, fold)
            : [Split.StratifiedSplit(train, HeldOutShare, fold)];
        int held = folds.Sum(part => part.HeldOut.Count);
        if (held < 2)
        {
            return (strategy, 0, "rates not looked for: too few training examples to hold any out");
        }

        List<TrialScore> scores = [.. known.Take(s_factors.Length)];
        for (int i = scores.Count; i < s_factors.Length; i++)
        {
            int trial = i;
            ImmediateProgress<double> told = new(share => progress.Report(new("rates", (trial + share) / s_factors.Length)));
            scores.Add(Try(Scaled(transfer, s_factors[i]), train.Count, folds, seed, told, cancellation));
            keep(scores);
        }

        bool hasLearned = scores[Least(scores)].LogLoss < folds.Average(part => LossOfShares(part.Kept, part.HeldOut));
        int best = !hasLearned && scores[0].Losses is not null ? 0 : isWhole ? Least(scores) : Best(scores);
        double seconds = scores.Sum(score => score.Seconds);
        string why = best > 0 ? string.Create(CultureInfo.InvariantCulture, $"rates x {s_factors[best]:0.##}: {Better(isWhole)}")
            : hasLearned ? $"its own rates stay: no other is {Better(isWhole)}"
            : "its own rates stay: no trial learned more than how frequent the classes are";
        return (best == 0 ? strategy : Scaled(transfer, s_factors[best]), seconds, $"{why} ({Describe(scores, held, seconds)})");
    }

    /// <summary>Mean loss on held-out examples of saying always how frequent each class is among those that are kept.</summary>
    internal static double LossOfShares(IReadOnlyList<Example> kept, IReadOnlyList<Example> heldOut)
    {
        ILookup<int, Example> classes = kept.ToLookup(example => example.Label);
        return heldOut.Average(example => -Math.Log(Math.Max(SmallestProbability, (double)classes[example.Label].Count() / kept.Count)));
    }

    /// <summary>The trial of the least loss; of equals the first.</summary>
    private static int Least(IReadOnlyList<TrialScore> scores) => Enumerable.Range(0, scores.Count).MinBy(i => scores[i].LogLoss);

    /// <summary>The trial to take: the first, which is the strategy as it is, unless the best is better by more than one standard error.</summary>
    internal static int Best(IReadOnlyList<TrialScore> scores)
    {
        int best = Least(scores);
        if (best == 0 || scores[0].Losses is null || scores[best].Losses is null)
        {
            return best; // Where the strategy as it is diverges, there is nothing to hold the others against.
        }

        double[] gains = [.. scores[0].Losses!.Zip(scores[best].Losses!, (own, other) => own - other)];
        double mean = gains.Average(), error = Math.Sqrt(gains.Sum(gain => (gain - mean) * (gain - mean)) / (gains.Length - 1) / gains.Length);
        return mean > error ? best : 0;
    }

    /// <summary>
    /// The strategy with fewer epochs, of fewer examples where one epoch of all would be too much, so that a trial passes no more examples than its share of
    /// what the run passes. Of few examples all that are kept, as many times as the run.
    /// </summary>
    internal static (TransferStrategy Brief, IReadOnlyList<Example> Some) Shortened(
        TransferStrategy strategy, int examples, IReadOnlyList<Example> kept, int seed)
    {
        double share = EpochPlan.IsFew(examples) ? 1 : Share, wanted = 0;
        int made = 0;
        Phase[] phases = [.. strategy.Phases.Select(phase =>
        {
            if (!phase.TakesSteps || !phase.Objective.NeedsTargets)
            {
                return phase;
            }

            double epochs = share * (phase.Epochs ?? phase.EpochShare * EpochPlan.EpochsFor(examples));
            int whole = Math.Max(1, (int)Math.Round(epochs));
            (wanted, made) = (wanted + epochs, made + whole);
            return phase.Steps is not null && phase.Epochs is null && EpochPlan.IsFew(examples)
                ? phase with { EpochShare = Math.Max(Phase.LeastEpochShare, phase.EpochShare * kept.Count / examples) }
                : phase with { Epochs = whole };
        })];
        Example[] some = [.. kept];
        new Random(Seeds.Mix(seed, "rate examples")).Shuffle(some);
        int count = Math.Max(1, (int)Math.Min(some.Length, examples * wanted / Math.Max(1, made)));
        return (strategy with { Phases = phases }, EpochPlan.IsFew(examples) ? kept : some[..count]);
    }

    private static bool MovesLayers(Phase phase) => phase.TakesSteps && phase.Objective.NeedsTargets && phase.Trains != LayerSelector.Head;

    private static TransferStrategy Scaled(TransferStrategy strategy, double factor) =>
        strategy with { Phases = [.. strategy.Phases.Select(phase => MovesLayers(phase) ? phase with { RateScale = phase.RateScale * factor } : phase)] };

    private TrialScore Try(
        TransferStrategy candidate, int examples, IReadOnlyList<(IReadOnlyList<Example> Kept, IReadOnlyList<Example> HeldOut)> folds, int seed,
        IProgress<double> progress, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        List<double> losses = [];
        double right = 0, seconds = 0;
        Learner brisk = learner.Options.Budget is { } budget ? learner.WithBudget(budget * BudgetShare / s_factors.Length) : learner;
        try
        {
            for (int i = 0; i < folds.Count; i++)
            {
                int fold = i;
                (IReadOnlyList<Example> kept, IReadOnlyList<Example> held) = folds[i];
                (TransferStrategy brief, IReadOnlyList<Example> some) =
                    learner.Options.Budget is null ? Shortened(candidate, examples, kept, seed) : (candidate, kept);
                ImmediateProgress<TrainingProgress> told = new(p => progress.Report((fold + (p.Stage == "training" ? p.Share : 0)) / folds.Count));
                using FitResult fitted = brisk.Fit(brief, some, classes, seed, told, cancellation);
                long judging = Stopwatch.GetTimestamp();
                Predictions predictions = fitted.Model.Predict(held, null, cancellation);
                losses.AddRange(held.Select((example, i) => -Math.Log(Math.Max(SmallestProbability, predictions.Probabilities[i][example.Label]))));
                right += held.Where((example, i) => example.Label == predictions.Labels[i]).Count();
                double once = learner.Options.Shared?.Seconds ?? 0; // Counted in the run that the trials are for.
                seconds += fitted.Time.Total - once + Stopwatch.GetElapsedTime(judging).TotalSeconds;
            }

            return new(right / losses.Count, losses.Average(), seconds) { Losses = losses };
        }
        catch (DivergedException)
        {
            return new(0, double.MaxValue, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
    }

    private static string Better(bool isWhole) => isWhole ? "better" : "better by more than one standard error";

    private static string Describe(IReadOnlyList<TrialScore> scores, int held, double seconds)
    {
        static string Loss(TrialScore score) => score.Losses is null ? "diverged" : score.LogLoss.ToString("0.000", CultureInfo.InvariantCulture);
        IEnumerable<string> found = s_factors.Zip(scores).OrderBy(pair => pair.First)
            .Select(pair => string.Create(CultureInfo.InvariantCulture, $"x {pair.First:0.##}: {Loss(pair.Second)}"));
        return string.Create(CultureInfo.InvariantCulture,
            $"log loss on {held} held-out training examples after trials: {string.Join(", ", found)}; {seconds:0.0} s");
    }
}
