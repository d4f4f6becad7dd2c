using Microsoft.ML;
using TransferLab.Data;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Runtime;
using TransferLab.Strategies;
using TransferLab.Training;

namespace TransferLab.Learners;

/// <summary>
/// Trains the baseline without a deep network: ML.NET's maximum-entropy trainers on <see cref="ClassicalImageFeatures"/>, or on n-grams of texts.
/// </summary>
internal static class ClassicalTrainer
{
    /// <summary>Trains a model; the same arguments on the same machine give the same one, bit for bit.</summary>
    /// <param name="kind">What the examples are: <c>image</c> or <c>text</c>.</param>
    /// <param name="train">Training examples; validation data is held out from these.</param>
    /// <param name="classes">Class names in label order.</param>
    /// <param name="balance">What is done about classes of different sizes: whichever it names, they weigh the same in the loss.</param>
    /// <param name="seed">Decides what is held out.</param>
    /// <param name="progress">Told after every chunk of images and every weight decay.</param>
    /// <param name="cancellation">Stops between images and between fits.</param>
    /// <returns>Its curve has one point a weight decay, from strong to weak, until the loss on held-out examples has clearly passed its best.</returns>
    /// <exception cref="ArgumentException">There are fewer than two classes or examples.</exception>
    /// <exception cref="UnreadableImageException">A file cannot be decoded whole.</exception>
    public static FitResult Fit(
        InputKind kind, IReadOnlyList<Example> train, IReadOnlyList<string> classes, Balance balance, int seed, IProgress<TrainingProgress>? progress,
            CancellationToken cancellation)
    {
        if (classes.Count < 2 || train.Count < 2)
        {
            throw new ArgumentException(
                $"The classical baseline needs at least two classes and two examples, not {classes.Count} and {train.Count}; add some.");
        }

        TrainingRun run = new(seed, progress, cancellation) { Balance = balance };
        if (kind == InputKind.Text)
        {
            return FitTexts(train, classes, run);
        }

        List<float[]> rows =
            [.. ClassicalImageFeatures.Stream(train, run.Clock, new ImmediateProgress<double>(share => run.Report("features", share)), cancellation)];
        LinearSoftmax classifier = MaximumEntropy.Fit(rows, train, classes.Count, run);
        run.Settings["features"] = $"{ClassicalImageFeatures.Width} values: oriented gradients, colours, local binary patterns";
        return Finish(new ClassicalModel(classifier) { Classes = classes }, run);
    }

    private static FitResult FitTexts(IReadOnlyList<Example> train, IReadOnlyList<string> classes, TrainingRun run)
    {
        (ITransformer pipeline, DataViewSchema schema, long parameters) = NGramClassifier.Fit(train, classes, run);
        return Finish(new PipelineModel(pipeline, schema, parameters) { Classes = classes }, run);
    }

    private static FitResult Finish(TrainedModel model, TrainingRun run) => new()
    {
        Model = model,
        Time = run.Clock.ToRunTime(),
        Epochs = 0, // ML.NET does not tell its iterations.
        Curve = run.Curve,
        Settings = run.Settings,
        TrainableParameters = model.Parameters,
    };
}
