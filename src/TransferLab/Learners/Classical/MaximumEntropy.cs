using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using TransferLab.Data;
using TransferLab.Models;
using TransferLab.Strategies;
using TransferLab.Training;

namespace TransferLab.Learners;

/// <summary>
/// Trains a linear classifier on feature rows with ML.NET's maximum-entropy trainer (multinomial logistic regression by L-BFGS,
/// https://learn.microsoft.com/dotnet/api/microsoft.ml.trainers.lbfgsmaximumentropymulticlasstrainer) for a path of weight decays, the best of
/// which is chosen on held-out parts of the training examples, then once more on all of them.
/// </summary>
internal static class MaximumEntropy
{
    private const float Tolerance = 1e-4f;
    private const int MostIterations = 200;

    /// <summary>From strong to weak, so that each starts from the one before.</summary>
    private static readonly double[] s_decays = [10, 3, 1, 0.3, 0.1, 0.03, 0.01, 0.003];

    /// <summary>Fits a classifier; the same rows and seed give the same one, bit for bit.</summary>
    /// <param name="rows">[N][width]; standardised in place.</param>
    /// <param name="examples">[N] their labels.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="run">Is given the curve and the settings; its cancellation is asked between fits.</param>
    /// <returns>The classifier of rows as they were.</returns>
    public static LinearSoftmax Fit(IReadOnlyList<float[]> rows, IReadOnlyList<Example> examples, int classes, TrainingRun run)
    {
        Standardization standardization = new(rows);
        float[] weights = run.Balance == Balance.None ? [.. Enumerable.Repeat(1f, classes)] : ClassWeights.Of(examples, classes);
        if (run.Balance != Balance.None)
        {
            run.Settings["balance"] = ClassWeights.InLoss;
        }

        FeatureRow[] data = new FeatureRow[rows.Count];
        for (int i = 0; i < data.Length; i++)
        {
            standardization.Apply(rows[i]);
            data[i] = new() { Label = (uint)examples[i].Label, Features = rows[i], Weight = weights[examples[i].Label] };
        }

        double decay = Choose(data, Folds.HeldOut(examples, run.Seed), classes, run);
        run.Cancellation.ThrowIfCancellationRequested();
        LinearSoftmax classifier = ToSoftmax(Fit(data, classes, decay, start: null));
        run.Settings["solver"] = "ML.NET maximum entropy (L-BFGS)";
        run.Settings["weight decay"] = decay.ToString("G2", CultureInfo.InvariantCulture);
        return standardization.FoldInto(classifier);
    }

    private static double Choose(FeatureRow[] data, IReadOnlyList<bool[]> folds, int classes, TrainingRun run)
    {
        FeatureRow[][] kept = [.. folds.Select(held => data.Where((_, i) => !held[i]).ToArray())];
        FeatureRow[][] judged = [.. folds.Select(held => data.Where((_, i) => held[i]).ToArray())];
        MaximumEntropyModelParameters?[] parameters = new MaximumEntropyModelParameters?[folds.Count];
        return DecayPath.Choose(s_decays, folds.Count, run, (decay, fold) =>
        {
            parameters[fold] = Fit(kept[fold], classes, decay, parameters[fold]);
            return Evaluate(ToSoftmax(parameters[fold]!), judged[fold]);
        });
    }

    private static (double Loss, double Accuracy) Evaluate(LinearSoftmax classifier, FeatureRow[] rows)
    {
        (double loss, double right) = (0, 0);
        foreach (FeatureRow row in rows)
        {
            double[] logProbabilities = classifier.LogProbabilities(row.Features);
            loss -= row.Weight * logProbabilities[row.Label];
            right += Array.IndexOf(logProbabilities, logProbabilities.Max()) == row.Label ? row.Weight : 0;
        }

        double total = rows.Sum(row => row.Weight);
        return (loss / total, right / total);
    }

    private static MaximumEntropyModelParameters Fit(FeatureRow[] rows, int classes, double decay, MaximumEntropyModelParameters? start)
    {
        MLContext context = new(seed: 0); // The problem is convex and starts at zero or at an answer: nothing is drawn.
        SchemaDefinition schema = SchemaDefinition.Create(typeof(FeatureRow));
        schema[nameof(FeatureRow.Label)].ColumnType = new KeyDataViewType(typeof(uint), classes);
        schema[nameof(FeatureRow.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows[0].Features.Length);
        IDataView view = context.Data.LoadFromEnumerable(rows, schema);
        LbfgsMaximumEntropyMulticlassTrainer trainer =
            context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options
            {
                ExampleWeightColumnName = rows.All(row => row.Weight == 1) ? null : nameof(FeatureRow.Weight),
                L1Regularization = 0,
                L2Regularization = (float)(decay * rows.Length), // It is weighed against the sum of the losses.
                OptimizationTolerance = Tolerance,
                MaximumNumberOfIterations = MostIterations,
                NumberOfThreads = 1, // Sums in a fixed order.
                Quiet = true,
            });
        return (start is null ? trainer.Fit(view) : trainer.Fit(view, start)).Model;
    }

    private static LinearSoftmax ToSoftmax(MaximumEntropyModelParameters parameters)
    {
        VBuffer<float>[] weights = [];
        parameters.GetWeights(ref weights, out _);
        return new([.. weights.Select(weight => weight.DenseValues().ToArray())], [.. parameters.GetBiases()]);
    }

    /// <summary>A row as ML.NET reads it.</summary>
    private sealed class FeatureRow
    {
        /// <summary>The label itself: in memory, keys count from 0.</summary>
        public uint Label { get; set; }

        /// <summary>[width], standardised.</summary>
        public float[] Features { get; set; } = [];

        /// <summary>What it counts.</summary>
        public float Weight { get; set; } = 1;
    }
}
