using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Training;

namespace TransferLab.Learners;

/// <summary>What a learner makes a model from.</summary>
public sealed record LearnerContext
{
    /// <summary>The backbone of transfer strategies.</summary>
    public required Backbone Backbone { get; init; }

    /// <summary>Where networks run.</summary>
    public required ComputeDevice Compute { get; init; }

    /// <summary>Features of frozen layers, shared between runs.</summary>
    public required FeatureCache Cache { get; init; }

    /// <summary>How training goes.</summary>
    public required TrainingOptions Options { get; init; }

    /// <summary>Training examples; validation data is held out from these.</summary>
    public required IReadOnlyList<Example> Train { get; init; }

    /// <summary>What is predicted.</summary>
    public required PredictionTask Task { get; init; }

    /// <summary>Decides all that is random.</summary>
    public required int Seed { get; init; }

    /// <summary>Told after every batch; null for nobody.</summary>
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>Stops within a batch.</summary>
    public CancellationToken Cancellation { get; init; }

    internal TrainingRun NewRun() => new(Seed, Progress, Cancellation) { Balance = Options.Balance };
}
