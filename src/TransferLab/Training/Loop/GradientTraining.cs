using System.Globalization;
using TorchSharp.Modules;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Runtime;
using TransferLab.Strategies;
using static TorchSharp.torch;

namespace TransferLab.Training;

/// <summary>The one training loop by gradient steps: whatever a phase trains, on whatever its frozen prefix gives.</summary>
internal sealed class GradientTraining(TransferNetwork network, FreezePlan plan, Phase phase, PhaseInputs inputs, TrainingRun run)
{
    private const int EvaluationBatch = 64;
    private const int Patience = 4;

    /// <summary>Trains in place.</summary>
    /// <param name="epochPlan">Epochs, batches and validation.</param>
    /// <param name="until">Reading of the run's clock, seconds, at which it ends, whatever the epochs; null where those decide.</param>
    /// <returns>Epochs made.</returns>
    /// <exception cref="DivergedException">The loss of an epoch is no finite number.</exception>
    public int Fit(EpochPlan epochPlan, double? until = null)
    {
        EpochBatches batches = new(epochPlan, phase, inputs.Encoder, run);
        int stepsPerEpoch = batches.StepsPerEpoch;
        PhaseProgress phaseProgress = new(new(phase.Schedule, batches.Steps, phase.WarmUp), run.Clock, until);
        using Generator random = new((ulong)run.SeedFor("dropout"), inputs.Device);
        using Tensor? weights = StratumWeights(epochPlan.Train, run.Balance == Balance.Weights);
        using OptimizerGroups optimizer = new(network, plan, phase, inputs.Type);
        using BestWeights best = new(network);
        ObjectiveContext context = new(network, inputs.Task, plan.FrozenPrefix, phase.LabelSmoothing, weights);
        network.Random = random;
        using IDisposable held = network.HoldFrozen(inputs.Type);
        try
        {
            Describe(epochPlan, until);
            PartOfEpoch part = default;
            int epoch = run.Checkpoint?.State is null ? 0 : run.Checkpoint.RestoreTraining(optimizer, best, random, out part);
            Action<int, PartOfEpoch, bool> keep = (number, done, isLast) =>
                run.Checkpoint?.SaveIfDue(network, optimizer, best, run, random, number, done, isLast);
            for (; phaseProgress.IsTimed ? epoch == 0 || !phaseProgress.IsOver : epoch < epochPlan.Epochs; epoch++)
            {
                int current = epoch;
                (double loss, double score) = Epoch(batches.Of(epoch), batches.StepsBefore(epoch), phaseProgress, new(context, phase, optimizer), part,
                    (done, isLast) => keep(current, done, isLast));
                part = default;
                if (!double.IsFinite(loss))
                {
                    throw Diverged(epoch + 1);
                }

                (double Loss, double Score)? validation = epochPlan.HeldOut.Count > 0 ? Judge(epochPlan) : null;
                run.AddPoint(
                    new()
                    {
                        Seconds = run.Clock.Seconds,
                        Epoch = epoch + 1,
                        TrainLoss = loss,
                        TrainAccuracy = score,
                        ValidationLoss = validation?.Loss,
                        ValidationAccuracy = validation?.Score,
                    },
                    phaseProgress.Done(batches.StepsBefore(epoch + 1)));
                if (epochPlan.StopsEarly
                    && best.Offer(phase.Objective.JudgesByLoss ? 0 : validation!.Value.Score, validation!.Value.Loss, epoch + 1) >= Patience
                    && !phaseProgress.IsTimed)
                {
                    epoch++;
                    break;
                }

                keep(epoch + 1, default, false);
            }

            if (epochPlan.StopsEarly)
            {
                best.Restore();
                run.Settings["best epoch"] = best.Epoch.ToString(CultureInfo.InvariantCulture);
            }

            return epoch;
        }
        finally
        {
            network.Random = null;
        }
    }

    /// <summary>One pass over the examples, or what is left of it: mean loss and mean score of the whole.</summary>
    private (double Loss, double Score) Epoch(
        IReadOnlyList<(IReadOnlyList<Example> Examples, AugmentedViews?)> batches, int stepsBefore, PhaseProgress phaseProgress, GradientStep step,
        PartOfEpoch done, Action<PartOfEpoch, bool> keep)
    {
        (int made, double loss, double score, long seen) = done;
        int read = made * phase.Accumulation;
        long positions = 0;
        try
        {
            foreach (Batch x in inputs.Read([.. batches.Skip(read)], run))
            {
                run.Cancellation.ThrowIfCancellationRequested();
                positions += batches[read].Examples.Sum(example => (long)inputs.Encoder.LengthOf(example));
                read++;
                if (!step.Add(x) && read < batches.Count)
                {
                    continue;
                }

                (double stepLoss, double stepScore, long count) = step.Update(phaseProgress.RateAt(stepsBefore + made));
                loss += stepLoss * count;
                score += stepScore;
                seen += count;
                NativeMemory.TrimAtStep(stepsBefore + ++made);
                run.ReportStep(phaseProgress.Done(stepsBefore + made), stepLoss, positions);
                positions = 0;
                if (phaseProgress.IsOver)
                {
                    break;
                }

                if (read < batches.Count)
                {
                    keep(new(made, loss, score, seen), false);
                }
            }
        }
        catch (OperationCanceledException) when (!step.IsOpen)
        {
            keep(new(made, loss, score, seen), true); // Between two steps: the same run goes on from here.
            throw;
        }

        return (loss / seen, score / seen);
    }

    /// <summary>Loss and score on what is held out, in evaluation mode.</summary>
    private (double Loss, double Score) Judge(EpochPlan epochPlan)
    {
        using IDisposable noGradient = no_grad();
        network.Evaluate();
        (double, double) found = phase.Objective.JudgesByHead
            ? new HeadJudge(network, plan.FrozenPrefix, phase.HeadDecay, inputs, run).Judge(epochPlan.Train, epochPlan.HeldOut)
            : Validate(epochPlan.HeldOut);
        FreezePlan.Apply(network, phase); // Back to the phase's modes.
        return found;
    }

    /// <summary>Loss and score on what is held out; every stratum counts the same where training balances them.</summary>
    private (double Loss, double Score) Validate(IReadOnlyList<Example> heldOut)
    {
        using Tensor? weights = StratumWeights(heldOut, run.Balance != Balance.None);
        ObjectiveContext context = new(network, inputs.Task, plan.FrozenPrefix, StratumWeights: weights);
        (double loss, double score, double count) = (0, 0, 0);
        List<(IReadOnlyList<Example>, AugmentedViews?)> batches =
            [.. Batches.Plain(heldOut, EvaluationBatch, inputs.Encoder).Select(batch => ((IReadOnlyList<Example>)batch, (AugmentedViews?)null))];
        foreach (Batch x in inputs.Read(batches, run))
        {
            using TorchSharp.DisposeScope scope = NewDisposeScope();
            (double batchLoss, double batchScore) = phase.Objective.Validate(context, x);
            loss += batchLoss;
            score += batchScore;
            count += phase.Objective.Count(x);
        }

        return (loss / count, score / count); // The weights' mean is 1.
    }

    private Tensor? StratumWeights(IReadOnlyList<Example> examples, bool balances) => balances && phase.Objective.NeedsTargets && inputs.Task.Strata > 1
        ? tensor(ClassWeights.Of(examples, inputs.Task.Strata), device: inputs.Device).DetachFromDisposeScope()
        : null;

    private DivergedException Diverged(int epoch)
    {
        bool isHead = plan.FrozenPrefix == network.Backbone.Groups.Count;
        string rates = isHead || phase.LearningRate is not { } layers
            ? string.Create(CultureInfo.InvariantCulture, $"{phase.HeadLearningRate:G2}")
            : string.Create(CultureInfo.InvariantCulture, $"{layers:G2} (layers) and {phase.HeadLearningRate:G2} (head)");
        return new($"Training diverged: the loss of epoch {epoch} is no finite number. Try a lower learning rate than {rates}.");
    }

    private string Method() => phase.Solver switch
    {
        Solver.Sgd => string.Create(CultureInfo.InvariantCulture, $"SGD with momentum {phase.Momentum:0.###}"),
        Solver.Muon => "Muon (matrices) and AdamW",
        _ => "AdamW",
    };

    private void Describe(EpochPlan epochPlan, double? until)
    {
        string steps = phase.Accumulation == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $", {phase.Accumulation} batches a step");
        string schedule =
            phase.Schedule switch { Schedule.Constant => "constant rate", Schedule.Linear => "warm-up and a straight line to zero", _ => "warm-up and cosine" };
        run.Settings["solver"] = string.Create(CultureInfo.InvariantCulture,
            $"{Method()}, batches of {epochPlan.BatchSize}{steps}, {schedule}");
        run.Settings["learning rate"] = string.Create(CultureInfo.InvariantCulture,
            $"{phase.LearningRate * phase.FirstGroupRate:G2} (first group) to {phase.LearningRate:G2} (last), head {phase.HeadLearningRate:G2}");
        if (network.Backbone.Module.modules().Any(layer => layer is BatchNorm))
        {
            run.Settings["normalisation"] = phase.Normalization == Normalization.Fixed ? "BatchNorm keeps pretraining's statistics" : "BatchNorm by batch";
        }

        if (network.Adapters is { } adapters)
        {
            run.Settings["adapters"] = string.Create(CultureInfo.InvariantCulture, $"{phase.Lora}: {adapters.Layers} layers");
        }

        if (inputs.Encoder is ImageEncoder)
        {
            run.Settings["augmentation"] = phase.Augment ? run.Augmentation.Description : "none";
        }

        run.Settings["validation"] = until is null
            ? epochPlan.Description
            : epochPlan.Description.Replace("fixed schedule", "schedule by the clock", StringComparison.Ordinal);
        if (run.Balance != Balance.None)
        {
            run.Settings["balance"] = run.Balance == Balance.Weights ? ClassWeights.InLoss : "classes are drawn equally often";
        }
    }
}
