using System.Globalization;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Strategies;
using static TorchSharp.torch;

namespace TransferLab.Training;

/// <summary>
/// Trains the head on frozen features: logistic regression to convergence for a path of weight decays, the best of which is chosen on
/// held-out parts of the training examples, then once more on all of them.
/// </summary>
internal static class LinearProbe
{
    /// <summary>From strong to weak, so that each starts from the one before.</summary>
    private static readonly double[] s_decays = [1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003, 0.0001];

    /// <summary>Trains the head in place.</summary>
    /// <param name="head">A linear one.</param>
    /// <param name="features">Of the examples.</param>
    /// <param name="examples">With their labels.</param>
    /// <param name="run">Gets the curve and the settings.</param>
    /// <param name="given">Weight decay; null for the one that held-out parts choose.</param>
    /// <returns>Iterations of the final fit.</returns>
    public static int Fit(ClassificationHead head, LabeledFeatures features, IReadOnlyList<Example> examples, TrainingRun run, double? given = null)
    {
        if (head.Hidden is not null)
        {
            throw new ArgumentException("L-BFGS solves for a linear head; use AdamW where the head has a hidden layer.");
        }

        using LogisticRegression regression = new(features, head.Outputs);
        float[] weights = Weights(examples, head.Outputs, run);
        double decay = given ?? Choose(regression, examples, weights, run);
        double[] parameters = regression.Start();
        using Tensor? counts = run.Balance == Balance.None ? null : tensor(weights);
        int iterations = regression.Fit(parameters, decay, counts, run.Cancellation);
        (Tensor weight, Tensor bias) = regression.Unstandardized(parameters);
        using (weight)
        using (bias)
        using (no_grad())
        {
            head.Output.weight!.copy_(weight);
            head.Output.bias!.copy_(bias);
        }

        run.Settings["solver"] = "L-BFGS to convergence";
        run.Settings["weight decay"] = decay.ToString("G2", CultureInfo.InvariantCulture)
            + (given is null ? "" : ", fixed: features were trained with these labels");
        return iterations;
    }

    private static double Choose(LogisticRegression regression, IReadOnlyList<Example> examples, float[] weights, TrainingRun run)
    {
        List<(Tensor Kept, Tensor Held)> folds = MakeFolds(examples, weights, run.Seed);
        try
        {
            double[][] parameters = [.. folds.Select(_ => regression.Start())];
            return DecayPath.Choose(s_decays, folds.Count, run, (decay, fold) =>
            {
                regression.Fit(parameters[fold], decay, folds[fold].Kept, run.Cancellation);
                return regression.Evaluate(parameters[fold], folds[fold].Held);
            });
        }
        finally
        {
            folds.ForEach(fold => { fold.Kept.Dispose(); fold.Held.Dispose(); });
        }
    }

    /// <summary>[N] what the examples weigh.</summary>
    private static float[] Weights(IReadOnlyList<Example> examples, int classes, TrainingRun run)
    {
        if (run.Balance == Balance.None)
        {
            return [.. examples.Select(_ => 1f)];
        }

        run.Settings["balance"] = ClassWeights.InLoss;
        float[] weights = ClassWeights.Of(examples, classes);
        return [.. examples.Select(example => weights[example.Target.Stratum])];
    }

    /// <summary>[N] weights of what each fold keeps and holds out, 0 for the rest.</summary>
    private static List<(Tensor Kept, Tensor Held)> MakeFolds(IReadOnlyList<Example> examples, float[] weights, int seed) =>
        [.. Folds.HeldOut(examples, seed).Select(held => (
        tensor([.. held.Zip(weights, (isHeld, weight) => isHeld ? 0 : weight)]),
        tensor([.. held.Zip(weights, (isHeld, weight) => isHeld ? weight : 0)])))];
}
