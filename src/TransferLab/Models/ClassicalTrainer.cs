using TransferLab.Data;
using TransferLab.Training;

namespace TransferLab.Models;

/// <summary>Trains the baseline without a deep network: ML.NET's maximum-entropy trainer on <see cref="ClassicalImageFeatures"/>.</summary>
internal static class ClassicalTrainer
{
    /// <summary>Trains a model; the same arguments on the same machine give the same one, bit for bit.</summary>
    /// <param name="train">Training images; validation data is held out from these.</param>
    /// <param name="classes">Class names in label order.</param>
    /// <param name="seed">Decides what is held out.</param>
    /// <param name="progress">Told after every chunk of images and every weight decay.</param>
    /// <param name="cancellation">Stops between images and between fits.</param>
    /// <returns>Its curve has one point a weight decay, from strong to weak, until the loss on held-out examples has clearly passed its best.</returns>
    /// <exception cref="ArgumentException">There are fewer than two classes or examples.</exception>
    /// <exception cref="UnreadableImageException">A file cannot be decoded whole.</exception>
    public static Fitted Fit(
        IReadOnlyList<Example> train, IReadOnlyList<string> classes, int seed, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        if (classes.Count < 2 || train.Count < 2)
        {
            throw new ArgumentException($"The classical baseline needs at least two classes and two examples, not {classes.Count} and {train.Count}; add some.");
        }

        TrainingRun run = new(seed, progress, cancellation);
        List<float[]> rows = [.. ClassicalImageFeatures.Stream(train, run.Clock, new Relay(run), cancellation)];
        LinearSoftmax classifier = MaximumEntropy.Fit(rows, train, classes.Count, run);
        run.Settings["features"] = $"{ClassicalImageFeatures.Width} values: oriented gradients, colours, local binary patterns";
        ClassicalModel model = new(classifier) { Classes = classes };
        return new()
        {
            Model = model,
            Time = run.Clock.ToRunTime(),
            Epochs = 0, // ML.NET does not tell its iterations.
            Curve = run.Curve,
            Settings = run.Settings,
            TrainableParameters = model.Parameters,
        };
    }

    /// <summary>Passes the share of the features on at once, on the same thread.</summary>
    private sealed class Relay(TrainingRun run) : IProgress<double>
    {
        public void Report(double value) => run.Report("features", value);
    }
}
