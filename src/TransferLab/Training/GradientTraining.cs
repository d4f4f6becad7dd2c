using System.Globalization;
using TorchSharp;
using TorchSharp.Modules;
using TransferLab.Backbones;
using TransferLab.Data;
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
    /// <returns>Epochs made.</returns>
    public int Fit(Effort effort)
    {
        int stepsPerEpoch = Math.Max(1, (int)Math.Round((double)effort.Train.Count / effort.BatchSize));
        LearningRateSchedule schedule = new(stepsPerEpoch * effort.Epochs, phase.WarmUp);
        using OptimizerGroups optimizer = new(network, plan, phase);
        using BestWeights best = new(network);
        using RandomState random = RandomState.Seeded(run.SeedFor("dropout"));
        Describe(effort);
        int epoch = 0;
        for (; epoch < effort.Epochs; epoch++)
        {
            (double loss, double accuracy) = Epoch(effort, epoch, stepsPerEpoch, schedule, optimizer);
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
                (epoch + 1.0) / effort.Epochs);
            if (effort.StopsEarly && best.Offer(validation!.Value.Accuracy, validation.Value.Loss, epoch + 1) >= Patience)
            {
                epoch++;
                break;
            }
        }

        if (effort.StopsEarly)
        {
            best.Restore();
            run.Settings["best epoch"] = best.Epoch.ToString(CultureInfo.InvariantCulture);
        }

        return epoch;
    }

    private (double Loss, double Accuracy) Epoch(Effort effort, int epoch, int steps, LearningRateSchedule schedule, OptimizerGroups optimizer)
    {
        Example[] order = [.. effort.Train];
        Random random = new(run.SeedFor("order", epoch));
        random.Shuffle(order);
        List<(IReadOnlyList<Example>, AugmentedViews?)> batches =
            [.. Batches.Shuffled(order, effort.BatchSize, inputs.Encoder, random).Take(steps).Select((batch, i) => ((IReadOnlyList<Example>)batch, Views(batch, epoch, i)))];
        double loss = 0;
        long right = 0, seen = 0;
        int step = 0;
        foreach ((Activation x, Tensor labels) in inputs.Read(batches, run))
        {
            run.Cancellation.ThrowIfCancellationRequested();
            (double stepLoss, long stepRight) = Step(x, labels, optimizer, schedule.At((epoch * steps) + step));
            loss += stepLoss * labels.shape[0];
            right += stepRight;
            seen += labels.shape[0];
            NativeMemory.TrimAtStep((epoch * steps) + ++step);
            run.Report("training", (epoch + ((double)step / steps)) / effort.Epochs);
        }

        return (loss / seen, (double)right / seen);
    }

    private (double Loss, long Right) Step(Activation x, Tensor labels, OptimizerGroups optimizer, double rateShare)
    {
        using DisposeScope scope = NewDisposeScope();
        optimizer.ZeroGradients();
        Tensor logits = network.Logits(x, plan.FrozenPrefix);
        Tensor loss = nn.functional.cross_entropy(logits, labels, label_smoothing: phase.LabelSmoothing);
        loss.backward();
        optimizer.Step(rateShare);
        return (loss.item<float>(), logits.argmax(1).eq(labels).sum().item<long>());
    }

    private (double Loss, double Accuracy) Validate(IReadOnlyList<Example> heldOut)
    {
        using IDisposable noGradient = no_grad();
        network.Evaluate();
        double loss = 0;
        long right = 0;
        List<(IReadOnlyList<Example>, AugmentedViews?)> batches = [.. Batches.Plain(heldOut, EvaluationBatch, inputs.Encoder).Select(batch => ((IReadOnlyList<Example>)batch, (AugmentedViews?)null))];
        foreach ((Activation x, Tensor labels) in inputs.Read(batches, run))
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor logits = network.Logits(x, plan.FrozenPrefix);
            loss += nn.functional.cross_entropy(logits, labels, reduction: nn.Reduction.Sum).item<float>();
            right += logits.argmax(1).eq(labels).sum().item<long>();
        }

        FreezePlan.Apply(network, phase); // Back to the phase's modes.
        return (loss / heldOut.Count, (double)right / heldOut.Count);
    }

    private AugmentedViews? Views(IReadOnlyList<Example> batch, int epoch, int index) => !phase.Augment ? null :
        new(run.Augmentation, [.. batch.Select((_, i) => run.SeedFor("view", epoch, (index * 100_000) + i))]);

    private void Describe(Effort effort)
    {
        run.Settings["solver"] = string.Create(CultureInfo.InvariantCulture, $"AdamW, batches of {effort.BatchSize}, warm-up and cosine");
        run.Settings["learning rate"] = string.Create(CultureInfo.InvariantCulture,
            $"{phase.LearningRate * phase.FirstGroupRate:G2} (first group) to {phase.LearningRate:G2} (last), head {phase.HeadLearningRate:G2}");
        run.Settings["normalisation"] = phase.Normalization == Normalization.Fixed ? "BatchNorm keeps pretraining's statistics" : "BatchNorm by batch";
        if (network.Adapters is { } adapters)
        {
            run.Settings["adapters"] = string.Create(CultureInfo.InvariantCulture, $"{phase.Lora}: {adapters.Layers} layers");
        }

        run.Settings["augmentation"] = phase.Augment ? run.Augmentation.Description : "none";
        run.Settings["validation"] = effort.Description;
    }
}
