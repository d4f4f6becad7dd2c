using System.Globalization;
using TorchSharp;
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
    /// <param name="effort">Epochs, batches and validation.</param>
    /// <param name="until">Reading of the run's clock, seconds, at which it ends, whatever the epochs; null where those decide.</param>
    /// <returns>Epochs made.</returns>
    /// <exception cref="DivergedException">The loss of an epoch is no finite number.</exception>
    public int Fit(Effort effort, double? until = null)
    {
        int stepsPerEpoch = Math.Max(1, (int)Math.Round((double)effort.Train.Count / effort.BatchSize));
        Pace pace = new(new(stepsPerEpoch * effort.Epochs, phase.WarmUp), run.Clock, until);
        using StepLoss objective = new(network, plan, phase, effort.Train, run.Balance, inputs.Device);
        using OptimizerGroups optimizer = new(network, plan, phase);
        using BestWeights best = new(network);
        using RandomState random = RandomState.Seeded(run.SeedFor("dropout"));
        Describe(effort, until);
        int epoch = run.Checkpoint?.State is null ? 0 : run.Checkpoint.RestoreTraining(optimizer, best);
        for (; pace.IsTimed ? epoch == 0 || !pace.IsOver : epoch < effort.Epochs; epoch++)
        {
            (double loss, double accuracy) = Epoch(effort, epoch, stepsPerEpoch, pace, optimizer, objective);
            if (!double.IsFinite(loss))
            {
                throw Diverged(epoch + 1);
            }

            (double Loss, double Accuracy)? validation = effort.HeldOut.Count > 0 ? Validate(effort.HeldOut) : null;
            run.AddPoint(
                new()
                {
                    Seconds = run.Clock.Seconds,
                    Epoch = epoch + 1,
                    TrainLoss = loss,
                    TrainAccuracy = accuracy,
                    ValidationLoss = validation?.Loss,
                    ValidationAccuracy = validation?.Accuracy,
                },
                pace.Done((epoch + 1) * stepsPerEpoch));
            if (effort.StopsEarly && best.Offer(validation!.Value.Accuracy, validation.Value.Loss, epoch + 1) >= Patience && !pace.IsTimed)
            {
                epoch++;
                break;
            }

            run.Checkpoint?.SaveIfDue(network, optimizer, best, run, epoch + 1);
        }

        if (effort.StopsEarly)
        {
            best.Restore();
            run.Settings["best epoch"] = best.Epoch.ToString(CultureInfo.InvariantCulture);
        }

        return epoch;
    }

    private (double Loss, double Accuracy) Epoch(Effort effort, int epoch, int steps, Pace pace, OptimizerGroups optimizer, StepLoss objective)
    {
        Random random = new(run.SeedFor("order", epoch));
        Example[] order = Order(effort.Train, random);
        List<(IReadOnlyList<Example>, AugmentedViews?)> batches =
            [.. Batches.Shuffled(order, effort.BatchSize, inputs.Encoder, random).Take(steps).Select(objective.Batch).Select((batch, i) => (batch, Views(batch, epoch, i)))];
        double loss = 0;
        long right = 0, seen = 0;
        int step = 0;
        foreach ((Activation x, Tensor labels) in inputs.Read(batches, run))
        {
            run.Cancellation.ThrowIfCancellationRequested();
            (double stepLoss, long stepRight) = Step(x, labels, optimizer, objective, pace.RateAt((epoch * steps) + step));
            long count = phase.Objective == Objective.Contrast ? labels.shape[0] / 2 : labels.shape[0];
            loss += stepLoss * count;
            right += stepRight;
            seen += count;
            NativeMemory.TrimAtStep((epoch * steps) + ++step);
            run.Report("training", pace.Done((epoch * steps) + step));
            if (pace.IsOver)
            {
                break;
            }
        }

        return (loss / seen, (double)right / seen);
    }

    /// <summary>The examples of an epoch in random order.</summary>
    private Example[] Order(IReadOnlyList<Example> train, Random random)
    {
        if (run.Balance == Balance.Sampling && phase.Objective == Objective.Classify)
        {
            return ClassWeights.Draw(train, random);
        }

        Example[] order = [.. train];
        random.Shuffle(order);
        return order;
    }

    private (double Loss, long Right) Step(Activation x, Tensor labels, OptimizerGroups optimizer, StepLoss objective, double rateShare)
    {
        using DisposeScope scope = NewDisposeScope();
        optimizer.ZeroGradients();
        (Tensor loss, Tensor right) = objective.Of(x, labels);
        loss.backward();
        optimizer.Step(rateShare);
        return (loss.item<float>(), right.item<long>());
    }

    /// <summary>Loss and accuracy on what is held out; every class counts the same where training balances them.</summary>
    private (double Loss, double Accuracy) Validate(IReadOnlyList<Example> heldOut)
    {
        using IDisposable noGradient = no_grad();
        using Tensor? weights = run.Balance == Balance.None ? null : tensor(ClassWeights.Of(heldOut, network.Classes), device: inputs.Device);
        network.Evaluate();
        (double loss, double right) = (0, 0);
        List<(IReadOnlyList<Example>, AugmentedViews?)> batches = [.. Batches.Plain(heldOut, EvaluationBatch, inputs.Encoder).Select(batch => ((IReadOnlyList<Example>)batch, (AugmentedViews?)null))];
        foreach ((Activation x, Tensor labels) in inputs.Read(batches, run))
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor logits = network.Logits(x, plan.FrozenPrefix);
            loss += nn.functional.cross_entropy(logits, labels, weight: weights, reduction: nn.Reduction.Sum).item<float>();
            Tensor hits = logits.argmax(1).eq(labels);
            right += weights is null ? hits.sum().item<long>() : (hits.to(ScalarType.Float32) * weights.index_select(0, labels)).sum().item<float>();
        }

        FreezePlan.Apply(network, phase); // Back to the phase's modes.
        return (loss / heldOut.Count, right / heldOut.Count); // The weights' mean is 1.
    }

    private DivergedException Diverged(int epoch)
    {
        bool isHead = plan.FrozenPrefix == network.Backbone.Groups.Count;
        string rates = isHead || phase.LearningRate is not { } layers
            ? string.Create(CultureInfo.InvariantCulture, $"{phase.HeadLearningRate:G2}")
            : string.Create(CultureInfo.InvariantCulture, $"{layers:G2} (layers) and {phase.HeadLearningRate:G2} (head)");
        return new($"Training diverged: the loss of epoch {epoch} is no finite number. Try a lower learning rate than {rates}.");
    }

    private AugmentedViews? Views(IReadOnlyList<Example> batch, int epoch, int index) => !phase.Augment ? null :
        new(run.Augmentation, [.. batch.Select((_, i) => run.SeedFor("view", epoch, (index * 100_000) + i))]);

    private void Describe(Effort effort, double? until)
    {
        run.Settings["solver"] = string.Create(CultureInfo.InvariantCulture, $"AdamW, batches of {effort.BatchSize}, warm-up and cosine");
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

        run.Settings["validation"] = until is null ? effort.Description : effort.Description.Replace("fixed schedule", "schedule by the clock", StringComparison.Ordinal);
        if (run.Balance != Balance.None)
        {
            run.Settings["balance"] = run.Balance == Balance.Weights ? ClassWeights.InLoss : "classes are drawn equally often";
        }
    }
}
