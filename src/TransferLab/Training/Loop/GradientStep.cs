using TorchSharp;
using TorchSharp.Modules;
using TransferLab.Networks;
using TransferLab.Runtime;
using TransferLab.Strategies;
using static TorchSharp.torch;

namespace TransferLab.Training;

/// <summary>One update of the weights, from one batch or from several whose gradients are summed.</summary>
internal sealed class GradientStep(ObjectiveContext context, Phase phase, OptimizerGroups optimizer)
{
    private double _loss, _score, _weight;
    private long _count;
    private int _batches, _passes;

    /// <summary>Adds the gradients of a batch.</summary>
    /// <param name="x">Output of the frozen prefix, with targets.</param>
    /// <returns>Whether the step has all its batches.</returns>
    public bool Add(Batch x)
    {
        using DisposeScope scope = NewDisposeScope();
        if (_batches == 0)
        {
            optimizer.ZeroGradients();
            (_loss, _score, _weight, _count, _passes) = (0, 0, 0, 0, 0);
        }

        double weight = phase.Accumulation == 1 ? 1 : phase.Objective.Weight(context, x);
        ObjectiveLoss loss = Backward(x, weight);
        _loss += loss.Mean.item<float>() * weight;
        _score += loss.Score.to(ScalarType.Float64).item<double>();
        _weight += weight;
        _count += loss.Count;
        return ++_batches == phase.Accumulation;
    }

    /// <summary>Updates the weights.</summary>
    /// <param name="rateShare">Share of the peak rates.</param>
    /// <returns>Mean loss over what the batches count, sum of scores, and the number of predictions.</returns>
    public (double Loss, double Score, long Count) Update(double rateShare)
    {
        using DisposeScope scope = NewDisposeScope();
        if (phase.Accumulation > 1)
        {
            optimizer.ScaleGradients(1 / Math.Max(_weight, double.Epsilon));
        }

        if (phase.ClipNorm is { } most)
        {
            double norm = optimizer.GradientNorm();
            if (norm > most)
            {
                optimizer.ScaleGradients(most / (norm + 1e-6));
            }
        }

        optimizer.Step(rateShare);
        _batches = 0;
        return (_loss / _weight, _score, _count);
    }

    /// <summary>Whether batches wait for more of their step.</summary>
    public bool IsOpen => _batches > 0;

    private ObjectiveLoss Backward(Batch x, double weight)
    {
        if (phase.Objective is FeatureObjective objective && CachedFeatures.RowsAtOnce(context, x) is { } rows)
        {
            return CachedFeatures.Backward(context, objective, x, rows, Before);
        }

        if (!phase.Recompute || context.FrozenPrefix == context.Network.Backbone.Groups.Count)
        {
            return Direct(x, weight);
        }

        long kept = RowsKept(x);
        if (kept >= x.Values.shape[0])
        {
            return Direct(x, weight);
        }

        if ((kept > 0 ? (int)kept : CachedFeatures.RowsAtOnce(context, x)) is { } atOnce)
        {
            return InParts(x, weight, atOnce);
        }

        Before();
        RecomputedGroups groups = new(context.Network, context.FrozenPrefix);
        Batch output = groups.Forward(x);
        ObjectiveLoss loss = phase.Objective.Loss(context with { FrozenPrefix = context.Network.Backbone.Groups.Count }, output);
        Scaled(loss.Mean, weight).backward();
        groups.Backward(output.Values.grad ?? zeros_like(output.Values));
        return loss;
    }

    private ObjectiveLoss Direct(Batch x, double weight)
    {
        Before();
        ObjectiveLoss loss = phase.Objective.Loss(context, x);
        Scaled(loss.Mean, weight).backward();
        return loss;
    }

    /// <summary>To be called before each backward pass of a step.</summary>
    private void Before()
    {
        if (_passes++ > 0)
        {
            optimizer.GatherGradients();
        }
    }

    /// <summary>How many examples' inner results may stay for the backward pass. Only what is made of positions, such as texts, is divided.</summary>
    private long RowsKept(Batch x)
    {
        if (x.Values.dim() != 3 && !(x.Values.dim() == 2 && x.Values.is_integral()))
        {
            return 0;
        }

        BackboneNetwork network = context.Network.Backbone;
        long bytes = (x.Type ?? x.Mask?.dtype ?? x.Values.dtype) == ScalarType.BFloat16 ? sizeof(short) : sizeof(float);
        return phase.KeptBytes / InnerBytes(x.Values.shape[1], network.FeatureWidth, network.Groups.Count - context.FrozenPrefix, bytes);
    }

    /// <summary>What one example's inner results take, bytes, in a transformer: measured values of a layer, and those of attention in heads of about
    /// 64.</summary>
    public static long InnerBytes(long tokens, long width, long layers, long bytesOfValue)
    {
        const long valuesAWidth = 27, attentions = 3, headWidth = 64;
        return tokens * width * (valuesAWidth + (attentions * tokens / headWidth)) * layers * bytesOfValue;
    }

    /// <summary>The same gradient, with the inner results of some examples in memory: each counts by its share of what the objective weighs.</summary>
    private ObjectiveLoss InParts(Batch x, double weight, int atOnce)
    {
        double whole = phase.Objective.Weight(context, x), mean = 0, score = 0;
        long count = 0;
        for (long first = 0; first < x.Values.shape[0]; first += atOnce)
        {
            using DisposeScope scope = NewDisposeScope();
            Batch part = x.Rows(first, Math.Min(atOnce, x.Values.shape[0] - first));
            double share = phase.Objective.Weight(context, part) / whole;
            if (share > 0)
            {
                ObjectiveLoss loss = Backward(part, weight * share);
                mean += share * loss.Mean.item<float>();
                score += loss.Score.to(ScalarType.Float64).item<double>();
                count += loss.Count;
            }
        }

        return new(tensor((float)mean), tensor(score), count);
    }

    private static Tensor Scaled(Tensor loss, double weight) => weight == 1 ? loss : loss * tensor((float)weight, device: loss.device);
}
