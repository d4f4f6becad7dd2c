using TransferLab.Strategies;

namespace TransferLab.Learners;

/// <summary>Which learner makes a model by which kind of strategy. A value: <see cref="Known"/> is the library's own, and <see cref="With{T}"/> gives one with
/// more.</summary>
public sealed class LearnerRegistry
{
    private readonly IReadOnlyDictionary<Type, Func<Strategy, LearnerContext, FitResult>> _learners;

    private LearnerRegistry(IReadOnlyDictionary<Type, Func<Strategy, LearnerContext, FitResult>> learners) => _learners = learners;

    /// <summary>The learners of the library's own strategies.</summary>
    public static LearnerRegistry Known { get; } = new LearnerRegistry(new Dictionary<Type, Func<Strategy, LearnerContext, FitResult>>())
        .With<TransferStrategy>(NetworkLearner.Fit)
        .With<KnnStrategy>(FeatureLearner.Fit)
        .With<MLNetHeadStrategy>(FeatureLearner.Fit)
        .With<PipelineStrategy>((strategy, c) =>
            PipelineTrainer.Fit(strategy, c.Backbone.Encoder.Kind, c.Train, c.Task.Classes, c.Seed, c.Progress, c.Cancellation))
        .With<ClassicalStrategy>((_, c) =>
            ClassicalTrainer.Fit(c.Backbone.Encoder.Kind, c.Train, c.Task.Classes, c.Options.Balance, c.Seed, c.Progress, c.Cancellation));

    /// <summary>This registry, with a learner for a kind of strategy; it takes the place of one that there is.</summary>
    /// <param name="fit">Trains a model; the caller disposes it.</param>
    public LearnerRegistry With<T>(Func<T, LearnerContext, FitResult> fit)
        where T : Strategy =>
        new(new Dictionary<Type, Func<Strategy, LearnerContext, FitResult>>(_learners) { [typeof(T)] = (strategy, context) => fit((T)strategy, context) });

    /// <summary>Trains a model.</summary>
    /// <exception cref="ArgumentException">There is no learner for that kind of strategy.</exception>
    internal FitResult Fit(Strategy strategy, LearnerContext context) =>
        _learners.TryGetValue(strategy.GetType(), out Func<Strategy, LearnerContext, FitResult>? fit)
        ? fit(strategy, context)
        : throw new ArgumentException($"There is no learner for strategies of the type {strategy.GetType().Name}; give a registry that has one.",
            nameof(strategy));
}
