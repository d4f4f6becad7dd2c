using TransferLab.Models;
using TransferLab.Strategies;
using TransferLab.Training;

namespace TransferLab.Learners;

/// <summary>Makes models by the trainer of phases.</summary>
internal static class NetworkLearner
{
    public static FitResult Fit(TransferStrategy strategy, LearnerContext context)
    {
        Trainer trainer = new(context.Backbone, context.Compute, context.Cache, context.Options);
        TrainingOutcome outcome = trainer.Fit(strategy, context.Train, context.Task, context.Seed, context.Progress, context.Cancellation);
        return new()
        {
            Model = new NetworkModel(outcome.Network, context.Backbone.Encoder, context.Backbone.Architecture, context.Compute)
            {
                Card = context.Backbone.Card,
                Classes = context.Task.Classes,
                Task = context.Task,
                SharesFeatures = outcome.Plan.FrozenPrefix == outcome.Network.Backbone.Groups.Count,
            },
            Time = outcome.Time,
            Epochs = outcome.Epochs,
            Curve = outcome.Curve,
            Settings = outcome.Settings,
            TrainableParameters = outcome.TrainableParameters,
        };
    }
}
