using TorchSharp;
using TransferLab.Networks;
using TransferLab.Strategies;
using static TorchSharp.torch;

namespace TransferLab.Training;

/// <summary>
/// Gradients of a loss over the features of a whole batch, with the inner results of a part of it in memory (Gao et al. 2021, arXiv:2101.06983). Parts pass
/// without gradients; the loss gives the gradients of their features; then each part passes once more, with the dropout that it had, and goes on with its
/// own. A third more work, and the gradient of the undivided batch.
/// </summary>
internal static class CachedFeatures
{
    /// <summary>Most tokens that pass at once: 8 texts of 128, whose step takes a quarter of a gigabyte in a small encoder.</summary>
    private const int MostPositions = 1024;

    /// <summary>How many examples pass at once; null where the whole batch may. Only what is made of positions, such as texts, is divided.</summary>
    public static int? RowsAtOnce(ObjectiveContext context, Batch x)
    {
        bool isPooled = context.FrozenPrefix == context.Network.Backbone.Groups.Count;
        bool hasPositions = x.Values.dim() == 3 || (x.Values.dim() == 2 && x.Values.is_integral());
        int rows = isPooled || !hasPositions ? int.MaxValue : Math.Max(1, MostPositions / (int)x.Values.shape[1]);
        return rows < x.Values.shape[0] ? rows : null;
    }

    /// <summary>Adds the gradients of a batch.</summary>
    /// <param name="context">Its network's generator draws the dropout.</param>
    /// <param name="objective">What is minimised.</param>
    /// <param name="x">Output of the frozen prefix, with targets where the objective needs them.</param>
    /// <param name="rows">Examples that pass at once.</param>
    /// <param name="before">Called before each part's backward pass.</param>
    public static ObjectiveLoss Backward(ObjectiveContext context, FeatureObjective objective, Batch x, int rows, Action before)
    {
        Generator? random = context.Network.Random;
        List<(Batch Part, Tensor? Random)> parts = [];
        List<Tensor> features = [];
        using (no_grad())
        {
            for (long first = 0; first < x.Values.shape[0]; first += rows)
            {
                parts.Add((x.Rows(first, Math.Min(rows, x.Values.shape[0] - first)) with { Targets = null }, random?.get_state()));
                using DisposeScope scope = NewDisposeScope();
                features.Add(context.Features(parts[^1].Part).MoveToOuterDisposeScope());
            }
        }

        Tensor all = cat(features).detach().requires_grad_();
        ObjectiveLoss loss = objective.Loss(all, x.Targets);
        loss.Mean.backward();
        Tensor gradient = all.grad ?? zeros_like(all);
        for (int i = 0; i < parts.Count; i++)
        {
            using DisposeScope scope = NewDisposeScope();
            if (parts[i].Random is { } state)
            {
                random!.set_state(state); // The last part leaves the generator where the first pass did.
            }

            before();
            context.Features(parts[i].Part).backward([gradient.narrow(0, i * rows, features[i].shape[0])]);
        }

        return loss;
    }
}
