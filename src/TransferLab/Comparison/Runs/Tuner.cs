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
/// Random search (Bergstra and Bengio 2012) over a strategy's own space, judged on one fifth of the training examples that is the same for every
/// strategy. The first trial is the strategy as it is, so that tuning can only be judged better than none.
/// </summary>
/// <param name="learner">Trains the trials.</param>
/// <param name="classes">Class names.</param>
/// <param name="trials">How many.</param>
internal sealed class Tuner(Learner learner, IReadOnlyList<string> classes, int trials)
{
    private const double HeldOutShare = 0.2;

    /// <summary>Chooses.</summary>
    /// <param name="strategy">As it is by default.</param>
    /// <param name="train">The training examples.</param>
    /// <param name="seed">Decides the fold and the trials.</param>
    /// <param name="known">Trials that an interrupted run has done.</param>
    /// <param name="keep">Is given all trials so far after each.</param>
    /// <param name="progress">Told while a trial trains.</param>
    /// <param name="cancellation">Stops within a batch.</param>
    /// <returns>The best variation, the seconds that all trials took, and the choice in words.</returns>
    public (Strategy Best, double Seconds, string Choice) Choose(
        Strategy strategy, IReadOnlyList<Example> train, int seed, IReadOnlyList<TrialScore> known, Action<IReadOnlyList<TrialScore>> keep,
        IProgress<TrainingProgress> progress, CancellationToken cancellation)
    {
        Random random = new(Seeds.Mix(seed, "tuning"));
        List<Strategy> candidates = [strategy];
        for (int i = 1; i < trials; i++)
        {
            if (strategy.Vary(random) is not { } variation)
            {
                return (strategy, 0, "nothing to tune: its settings are fixed, or chosen by cross-validation in every run");
            }

            candidates.Add(variation);
        }

        (IReadOnlyList<Example> kept, IReadOnlyList<Example> held) = Split.StratifiedSplit(train, HeldOutShare, Seeds.Mix(seed, "tuning fold"));
        if (held.Count == 0)
        {
            return (strategy, 0, "no trials: too few training examples to hold any out");
        }

        List<TrialScore> scores = [.. known.Take(trials)];
        for (int i = scores.Count; i < trials; i++)
        {
            int trial = i;
            scores.Add(
                Try(candidates[i], kept, held, seed,
                    new ImmediateProgress<TrainingProgress>(p => progress.Report(new("tuning", (trial + (p.Stage == "training" ? p.Share : 0)) / trials))),
                    cancellation));
            keep(scores);
        }

        int best = Enumerable.Range(0, trials).OrderByDescending(i => scores[i].Accuracy).ThenBy(i => scores[i].LogLoss).First();
        return (candidates[best], scores.Sum(score => score.Seconds), string.Create(CultureInfo.InvariantCulture,
            $"{trials} trials judged on {held.Count} training examples, from {100 * scores.Min(score => score.Accuracy):0.0} to "
                + $"{100 * scores[best].Accuracy:0.0} %; best: {(best == 0 ? "the defaults" : strategy.Difference(candidates[best]))}"));
    }

    private TrialScore Try(Strategy candidate, IReadOnlyList<Example> kept, IReadOnlyList<Example> held, int seed, IProgress<TrainingProgress> progress,
        CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            return Judge(candidate, kept, held, seed, progress, cancellation);
        }
        catch (DivergedException)
        {
            // A trial may fail; if it is the defaults that do, the others are better.
            return new(0, double.MaxValue, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
    }

    private TrialScore Judge(Strategy candidate, IReadOnlyList<Example> kept, IReadOnlyList<Example> held, int seed, IProgress<TrainingProgress> progress,
        CancellationToken cancellation)
    {
        using FitResult fitted = learner.Fit(candidate, kept, classes, seed, progress, cancellation);
        long start = Stopwatch.GetTimestamp();
        Metrics metrics = Metrics.Of(fitted.Model.Predict(held, null, cancellation), [.. held.Select(example => example.Label)], classes.Count);
        double once = learner.Options.Shared?.Seconds ?? 0; // Counted in the run that the trials are for.
        return new(metrics.Accuracy, metrics.LogLoss, fitted.Time.Total - once + Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}
