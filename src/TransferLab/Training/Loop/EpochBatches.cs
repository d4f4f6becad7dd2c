using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Strategies;

namespace TransferLab.Training;

/// <summary>The batches of every epoch of a phase: decided by the run's seed alone, so that an epoch is the same whenever it is asked for.</summary>
internal sealed class EpochBatches
{
    private readonly EpochPlan _epochPlan;
    private readonly Phase _phase;
    private readonly InputEncoder _encoder;
    private readonly TrainingRun _run;
    private readonly int[]? _stepsBefore;

    public EpochBatches(EpochPlan epochPlan, Phase phase, InputEncoder encoder, TrainingRun run)
    {
        (_epochPlan, _phase, _encoder, _run) = (epochPlan, phase, encoder, run);
        StepsPerEpoch = Math.Max(1, (int)Math.Round((double)epochPlan.Train.Count / (epochPlan.BatchSize * phase.Accumulation)));
        if (phase.BatchTokens is not null) // Then lengths decide how many batches there are.
        {
            _stepsBefore = new int[epochPlan.Epochs + 1];
            for (int epoch = 0; epoch < epochPlan.Epochs; epoch++)
            {
                _stepsBefore[epoch + 1] = _stepsBefore[epoch] + ((Examples(epoch).Count + phase.Accumulation - 1) / phase.Accumulation);
            }
        }
    }

    /// <summary>Steps of an epoch, where they do not depend on lengths.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>Steps of all epochs.</summary>
    public int Steps => StepsBefore(_epochPlan.Epochs);

    /// <summary>Steps of the epochs before one.</summary>
    public int StepsBefore(int epoch) => _stepsBefore is null ? epoch * StepsPerEpoch
        : epoch < _stepsBefore.Length ? _stepsBefore[epoch]
        : _stepsBefore[^1] + ((epoch - _stepsBefore.Length + 1) * (_stepsBefore[^1] / _epochPlan.Epochs));

    /// <summary>The batches of an epoch, with the views of their examples.</summary>
    public IReadOnlyList<(IReadOnlyList<Example> Examples, AugmentedViews? Views)> Of(int epoch)
    {
        IReadOnlyList<IReadOnlyList<Example>> batches = Examples(epoch);
        return [.. batches.Select(_phase.Objective.Arrange).Select((batch, i) => (batch, Views(batch, epoch, i)))];
    }

    private IReadOnlyList<IReadOnlyList<Example>> Examples(int epoch)
    {
        Random random = new(_run.SeedFor("order", epoch));
        if (_phase.Objective.Compose(_epochPlan.Train, _epochPlan.BatchSize, StepsPerEpoch, random) is { } composed)
        {
            return composed;
        }

        Example[] order = Order(_epochPlan.Train, random);
        IReadOnlyList<Example>[] batches = _phase.Order == RowOrder.LikeLengths
            ? Batches.Shuffled(order, _epochPlan.BatchSize, _encoder, random)
            : [.. order.Chunk(_epochPlan.BatchSize)];
        if (epoch == 0 && _phase.Objective.LongestFirst && _phase.Order == RowOrder.LikeLengths)
        {
            Batches.PutLongestFirst(batches, _encoder);
        }

        return _phase.BatchTokens is { } most
            ? [.. batches.SelectMany(batch => Batches.Within(batch, most, _encoder))]
            : [.. batches.Take(StepsPerEpoch * _phase.Accumulation)];
    }

    /// <summary>The examples of an epoch in their order.</summary>
    private Example[] Order(IReadOnlyList<Example> train, Random random)
    {
        if (_run.Balance == Balance.Sampling && _phase.Objective.NeedsTargets)
        {
            return ClassWeights.Draw(train, random);
        }

        Example[] order = [.. train];
        if (_phase.Order != RowOrder.AsGiven)
        {
            random.Shuffle(order);
        }

        return order;
    }

    private AugmentedViews? Views(IReadOnlyList<Example> batch, int epoch, int index) => !_phase.Augment ? null :
        new(_run.Augmentation, [.. batch.Select((_, i) => _run.SeedFor("view", epoch, (index * 100_000) + i))]);
}
