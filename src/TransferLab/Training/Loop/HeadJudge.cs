using TorchSharp;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Runtime;
using static TorchSharp.torch;

namespace TransferLab.Training;

/// <summary>
/// What features are worth to a head: logistic regression on the features of some training examples, judged on held-out ones. Whoever calls it has put the
/// network into evaluation mode.
/// </summary>
internal sealed class HeadJudge(TransferNetwork network, int frozenPrefix, double? decay, PhaseInputs inputs, TrainingRun run)
{
    private const int Batch = 64;

    /// <summary>Most training examples that the head is solved for on: enough to tell one epoch from the next, in a part of an epoch's time.</summary>
    private const int MostToLearnFrom = 1000;
    private const double UsualDecay = 0.1;

    /// <summary>Log loss and share of right labels on what is held out; every class weighs the same where training balances them.</summary>
    public (double Loss, double Score) Judge(IReadOnlyList<Example> train, IReadOnlyList<Example> heldOut)
    {
        Example[] known = [.. train];
        new Random(run.SeedFor("judge")).Shuffle(known);
        Example[][] batches = [.. Batches.Plain(known.Take(MostToLearnFrom), Batch, inputs.Encoder), .. Batches.Plain(heldOut, Batch, inputs.Encoder)];
        Example[] all = [.. batches.SelectMany(batch => batch)];
        HashSet<Example> held = new(heldOut, ReferenceEqualityComparer.Instance);
        int strata = inputs.Task.Strata;
        float[] weights = run.Balance == Strategies.Balance.None ? [.. Enumerable.Repeat(1f, strata)] : ClassWeights.Of(heldOut, strata);
        using LogisticRegression regression = new(new(Features(batches), [.. all.Select(example => example.Label)]), network.Outputs);
        using Tensor kept = tensor(Array.ConvertAll(all, example => held.Contains(example) ? 0 : weights[example.Target.Stratum]));
        using Tensor judged = tensor(Array.ConvertAll(all, example => held.Contains(example) ? weights[example.Target.Stratum] : 0));
        double[] parameters = regression.Start();
        regression.Fit(parameters, decay ?? UsualDecay, kept, run.Cancellation);
        return regression.Evaluate(parameters, judged);
    }

    private List<float[]> Features(Example[][] batches)
    {
        List<float[]> rows = [];
        foreach (Batch x in inputs.Read([.. batches.Select(batch => ((IReadOnlyList<Example>)batch, (AugmentedViews?)null))], run))
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor features = network.Features(x, frozenPrefix).cpu().contiguous();
            rows.AddRange(features.data<float>().ToArray().Chunk((int)features.shape[1]));
        }

        return rows;
    }
}
