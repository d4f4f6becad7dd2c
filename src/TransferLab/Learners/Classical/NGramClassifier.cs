using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Transforms.Text;
using TransferLab.Data;
using TransferLab.Strategies;
using TransferLab.Training;

namespace TransferLab.Learners;

/// <summary>
/// The baseline without a deep network, for texts: ML.NET's text featurizer (n-grams of one and two words, of one to five characters) with
/// multinomial logistic regression by stochastic dual coordinate ascent
/// (https://learn.microsoft.com/dotnet/api/microsoft.ml.trainers.sdcamaximumentropymulticlasstrainer), whose weight decay is chosen on held-out
/// parts of the training examples.
/// </summary>
internal static class NGramClassifier
{
    private const string Features = "Features", Label = "Label", Key = "LabelKey", Text = "Text", Weight = "Weight";
    private const int Iterations = 30, FewestIterations = 5, ManyClasses = 100;

    /// <summary>
    /// Rows times classes, up to which a pass is short: the solver moves the weights of every class for every row. Of more, where the classes are many, the
    /// weight decay is chosen on as many of them as give the smaller number.
    /// </summary>
    private const double ShortPass = 1e6, ShortSearch = 1e5;
    private const double LeastProbability = 1e-15; // As in ML.NET's log loss.

    /// <summary>From strong to weak.</summary>
    private static readonly double[] s_decays = [1e-4, 3e-5, 1e-5, 3e-6, 1e-6];

    /// <summary>Fits a pipeline from Text to Score and PredictedLabel.</summary>
    public static (ITransformer Pipeline, DataViewSchema Schema, long Parameters) Fit(IReadOnlyList<Example> examples, IReadOnlyList<string> classes,
        TrainingRun run)
    {
        MLContext context = new(run.Seed);
        IDataView rows = Rows(context, examples, classes);
        IDataView keys = context.Data.LoadFromEnumerable(classes.Select(name => new KeyRow { Label = name }));
        var featurizer = context.Transforms.Text.NormalizeText("Normal", Text, TextNormalizingEstimator.CaseMode.Lower, keepDiacritics: true)
            .Append(context.Transforms.Text.ProduceWordBags("WordGrams", "Normal", ngramLength: 2, weighting: NgramExtractingEstimator.WeightingCriteria.TfIdf))
            .Append(context.Transforms.Text.TokenizeIntoCharactersAsKeys("Characters", "Normal"))
            .Append(context.Transforms.Text.ProduceNgrams("CharacterGrams", "Characters", ngramLength: 5, useAllLengths: true,
                weighting: NgramExtractingEstimator.WeightingCriteria.TfIdf))
            .Append(context.Transforms.NormalizeLpNorm("WordGrams"))
            .Append(context.Transforms.NormalizeLpNorm("CharacterGrams"))
            .Append(context.Transforms.Concatenate(Features, "WordGrams", "CharacterGrams"))
            .Append(context.Transforms.Conversion.MapValueToKey(Key, Label, keyData: keys));
        ITransformer features = featurizer.Fit(rows);
        run.Cancellation.ThrowIfCancellationRequested();
        IDataView all = context.Data.Cache(features.Transform(rows), Features, Key);
        bool balanced = run.Balance != Balance.None;
        if (balanced)
        {
            float[] weights = ClassWeights.Of(examples, classes.Count);
            all = context.Transforms.Conversion.MapValue(Weight, classes.Select((name, label) => KeyValuePair.Create(name, weights[label])), Label).Fit(all)
                .Transform(all);
            run.Settings["balance"] = ClassWeights.InLoss;
        }

        // Without weights they stay 1.
        List<FeatureRow> vectors = [.. context.Data.CreateEnumerable<FeatureRow>(all, reuseRowObject: false, ignoreMissingColumns: true)];
        vectors.ForEach(row => row.LabelKey--); // Keys are read from 1 on, and in memory count from 0.
        run.Report("features", 1);
        double pass = (double)vectors.Count * classes.Count;
        bool isLong = classes.Count > ManyClasses && pass > ShortPass;
        double decay = isLong
            ? ChooseOnSome(context, examples, vectors, (int)Math.Max(2, classes.Count * Math.Sqrt(ShortSearch / pass)), classes.Count, run)
            : Choose(context, vectors, Folds.HeldOut(examples, run.Seed), classes.Count, run);
        int iterations = isLong ? (int)Math.Max(FewestIterations, Iterations * ShortPass / pass) : Iterations;
        if (iterations < Iterations)
        {
            run.Settings["passes"] = iterations.ToString(CultureInfo.InvariantCulture);
        }

        ITransformer classifier = Fit(Trainer(context, decay, balanced, iterations), all, run);
        ITransformer labels = context.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(classifier.Transform(all));
        run.Settings["features"] =
            $"{vectors[0].Features.Length.ToString("N0", CultureInfo.InvariantCulture)} n-grams of words (1-2) and characters (1-5), TF-IDF";
        run.Settings["solver"] = "ML.NET maximum entropy (SDCA)";
        run.Settings["weight decay"] = decay.ToString("G2", CultureInfo.InvariantCulture);
        return (new TransformerChain<ITransformer>(features, classifier, labels), rows.Schema, classes.Count * (vectors[0].Features.Length + 1L));
    }

    /// <summary>Chooses the weight decay on the rows of some classes, one part held out.</summary>
    private static double ChooseOnSome(
        MLContext context, IReadOnlyList<Example> examples, List<FeatureRow> vectors, int count, int classes, TrainingRun run)
    {
        int[] some = [.. Enumerable.Range(0, classes)];
        new Random(run.Seed).Shuffle(some);
        Dictionary<int, uint> keys = some.Take(count).Select((label, key) => (label, key)).ToDictionary(pair => pair.label, pair => (uint)pair.key);
        int[] taken = [.. Enumerable.Range(0, vectors.Count).Where(row => keys.ContainsKey((int)vectors[row].LabelKey))];
        run.Settings["weight decay chosen on"] = $"{count.ToString(CultureInfo.InvariantCulture)} of the classes";
        return Choose(context, [.. taken.Select(row => vectors[row].Labeled(keys[(int)vectors[row].LabelKey]))],
            [Folds.HeldOut([.. taken.Select(row => examples[row])], run.Seed)[0]], count, run);
    }

    private static double Choose(MLContext context, List<FeatureRow> vectors, IReadOnlyList<bool[]> folds, int classes, TrainingRun run) =>
        DecayPath.Choose(s_decays, folds.Count, run, (decay, fold) =>
        {
            IDataView kept = View(context, vectors.Where((_, row) => !folds[fold][row]), classes);
            IDataView judged = View(context, vectors.Where((_, row) => folds[fold][row]), classes);
            IDataView scored = Fit(Trainer(context, decay, run.Balance != Balance.None, Iterations), kept, run).Transform(judged);
            if (run.Balance != Balance.None)
            {
                return Weighted(scored);
            }

            MulticlassClassificationMetrics metrics = context.MulticlassClassification.Evaluate(scored, Key);
            return (metrics.LogLoss, metrics.MicroAccuracy);
        });

    /// <summary>A fit cannot be told to stop; one that nobody waits for any more ends by itself, and touches nothing but its own.</summary>
    private static MulticlassPredictionTransformer<MaximumEntropyModelParameters> Fit(SdcaMaximumEntropyMulticlassTrainer trainer, IDataView rows,
        TrainingRun run) => Task.Run(() => trainer.Fit(rows), run.Cancellation).WaitAsync(run.Cancellation).GetAwaiter().GetResult();

    /// <summary>ML.NET's log loss and accuracy, which know no weights, with those of the examples.</summary>
    private static (double Loss, double Accuracy) Weighted(IDataView scored)
    {
        (double loss, double right, double total) = (0, 0, 0);
        foreach ((float[] scores, uint key, float weight) in scored.GetColumn<float[]>("Score").Zip(scored.GetColumn<uint>(Key),
            scored.GetColumn<float>(Weight)))
        {
            int label = (int)key - 1; // In a view keys count from 1.
            loss -= weight * Math.Log(Math.Max(scores[label], LeastProbability));
            right += Array.IndexOf(scores, scores.Max()) == label ? weight : 0;
            total += weight;
        }

        return (loss / total, right / total);
    }

    private static SdcaMaximumEntropyMulticlassTrainer Trainer(MLContext context, double decay, bool weighted, int iterations) =>
        context.MulticlassClassification.Trainers.SdcaMaximumEntropy(new SdcaMaximumEntropyMulticlassTrainer.Options
        {
            LabelColumnName = Key,
            FeatureColumnName = Features,
            ExampleWeightColumnName = weighted ? Weight : null,
            L2Regularization = (float)decay,
            L1Regularization = 0,
            MaximumNumberOfIterations = iterations,
            NumberOfThreads = 1, // Several change the weights in an order of their own.
        });

    private static IDataView Rows(MLContext context, IReadOnlyList<Example> examples, IReadOnlyList<string> classes) =>
        context.Data.LoadFromEnumerable(examples.Select(example => new TextRow { Text = example.Source, Label = classes[example.Label] }).ToList());

    private static IDataView View(MLContext context, IEnumerable<FeatureRow> rows, int classes)
    {
        List<FeatureRow> list = [.. rows];
        SchemaDefinition schema = SchemaDefinition.Create(typeof(FeatureRow));
        schema[nameof(FeatureRow.LabelKey)].ColumnType = new KeyDataViewType(typeof(uint), classes);
        schema[nameof(FeatureRow.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, list[0].Features.Length);
        return context.Data.LoadFromEnumerable(list, schema);
    }

    private sealed class TextRow
    {
        public string Text { get; set; } = "";

        public string Label { get; set; } = "";
    }

    private sealed class KeyRow
    {
        public string Label { get; set; } = "";
    }

    private sealed class FeatureRow
    {
        [KeyType(1)]
        public uint LabelKey { get; set; }

        public VBuffer<float> Features { get; set; }

        public float Weight { get; set; } = 1;

        public FeatureRow Labeled(uint key) => new() { LabelKey = key, Features = Features, Weight = Weight };
    }
}
