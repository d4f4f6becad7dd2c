using TransferLab.Data;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Comparison.Inspection;

/// <summary>What a linear head makes of features, by cross-validation: each example is judged by a head that has not seen it.</summary>
internal static class ProbeScore
{
    private static readonly double[] s_decays = [1, 0.1, 0.01, 0.001];

    /// <summary>Accuracy and log loss over the folds at the weight decay of the lowest loss.</summary>
    public static (double Accuracy, double Loss) Of(LabeledFeatures features, IReadOnlyList<Example> examples, int classes, int seed,
        CancellationToken cancellation)
    {
        using LogisticRegression regression = new(features, classes);
        List<(Tensor Kept, Tensor Held, double[] Parameters)> folds = [.. Folds.HeldOut(examples, seed).Select(held => (
            tensor(Array.ConvertAll(held, isHeld => isHeld ? 0f : 1f)), tensor(Array.ConvertAll(held, isHeld => isHeld ? 1f : 0f)), regression.Start()))];
        try
        {
            (double Accuracy, double Loss) best = (0, double.MaxValue);
            foreach (double decay in s_decays)
            {
                (double accuracy, double loss) = (0, 0);
                foreach ((Tensor kept, Tensor held, double[] parameters) in folds)
                {
                    regression.Fit(parameters, decay, kept, cancellation);
                    (double foldLoss, double foldAccuracy) = regression.Evaluate(parameters, held);
                    (accuracy, loss) = (accuracy + (foldAccuracy / folds.Count), loss + (foldLoss / folds.Count));
                }

                best = loss < best.Loss ? (accuracy, loss) : best;
            }

            return best;
        }
        finally
        {
            folds.ForEach(fold => { fold.Kept.Dispose(); fold.Held.Dispose(); });
        }
    }
}
