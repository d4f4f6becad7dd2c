using System.Globalization;
using TransferLab.Data;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Runtime;
using TransferLab.Strategies;
using TransferLab.Training;

namespace TransferLab.Learners;

/// <summary>Makes models that label by the features of the frozen backbone without a head of its own.</summary>
internal static class FeatureLearner
{
    /// <summary>Puts the examples into an index, and chooses how many neighbours vote.</summary>
    public static FitResult Fit(KnnStrategy strategy, LearnerContext context) => OnFeatures(context, (frozen, features, run) =>
        {
            (IReadOnlyList<Example> train, IReadOnlyList<string> classes) = (context.Train, context.Task.Classes);
            NeighbourIndex index = new();
            for (int i = 0; i < train.Count; i++)
            {
                index.Add(train[i].Name, train[i].Label, features.Rows[i]);
            }

            double? judged = strategy.Neighbours is null ? index.ChooseNeighbours(classes.Count, run.Cancellation) : null;
            index.Neighbours = strategy.Neighbours ?? index.Neighbours;
            run.AddPoint(new() { Seconds = run.Clock.Seconds, Epoch = 0, ValidationAccuracy = judged }, 1);
            run.Settings["trains"] = "nothing: labelled examples are an index over frozen features";
            run.Settings["neighbours"] = index.Neighbours.ToString(CultureInfo.InvariantCulture);
            if (run.Balance != Balance.None)
            {
                run.Settings["balance"] = "none: neighbours vote as they are";
            }

            run.Settings["validation"] = judged is null ? "none" : "every training example by the others, for the number of neighbours";
            return new NearestNeighbourModel(frozen, index) { Classes = classes };
        });

    /// <summary>Trains a model of ML.NET's on the features.</summary>
    public static FitResult Fit(MLNetHeadStrategy strategy, LearnerContext context) => OnFeatures(context, (frozen, features, run) =>
        {
            (IReadOnlyList<Example> train, IReadOnlyList<string> classes) = (context.Train, context.Task.Classes);
            float[]? weights = run.Balance == Balance.None ? null : ClassWeights.Of(train, classes.Count);
            MLNetHead head = MLNetHead.Fit(strategy, features, weights, classes.Count, run.Seed);
            run.AddPoint(new() { Seconds = run.Clock.Seconds, Epoch = 0 }, 1);
            run.Settings["trains"] = "a model of ML.NET's on frozen features";
            if (weights is not null)
            {
                run.Settings["balance"] = ClassWeights.InLoss;
            }

            run.Settings["validation"] = "none: the trainer's own settings";
            return new MLNetHeadModel(frozen, head) { Classes = classes };
        });

    private static FitResult OnFeatures(LearnerContext context, Func<FrozenBackbone, LabeledFeatures, TrainingRun, TrainedModel> fit)
    {
        TrainingRun run = context.NewRun();
        Backbone backbone = context.Backbone;
        (BackboneNetwork shared, IDisposable lease) = context.Cache.Pretrained(backbone, context.Compute);
        try
        {
            FeatureExtractor extractor = new(shared, backbone.Encoder, context.Compute, context.Cache);
            (LabeledFeatures features, _) = extractor.Extract(
                context.Train, shared.Groups.Count, run.Clock, new ImmediateProgress<double>(share => run.Report("features", share)), run.Cancellation);
            TrainedModel model = fit(new(shared, lease, backbone.Encoder, backbone.Architecture, context.Compute) { Card = backbone.Card }, features, run);
            return new()
            {
                Model = model,
                Time = run.Clock.ToRunTime(),
                Epochs = 0,
                Curve = run.Curve,
                Settings = run.Settings,
                TrainableParameters = model is MLNetHeadModel { Learned: var learned } ? learned : 0,
            };
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }
}
