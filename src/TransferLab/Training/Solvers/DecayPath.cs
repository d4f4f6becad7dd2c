namespace TransferLab.Training;

/// <summary>Chooses a weight decay on held-out parts of the training examples, the same way for every linear trainer.</summary>
internal static class DecayPath
{
    /// <summary>Once the loss has passed its best by this factor, weaker decay only overfits more.</summary>
    private const double Passed = 1.1;

    /// <summary>Goes from strong to weak decay and takes the one of the lowest loss.</summary>
    /// <param name="decays">From strong to weak, so that a trainer can start each from the one before.</param>
    /// <param name="folds">How many parts are held out in turn.</param>
    /// <param name="run">Is given a point of the curve for every decay, and the setting; its cancellation is asked before every fit.</param>
    /// <param name="score">Trains with a decay without a fold, and judges on that fold.</param>
    public static double Choose(IReadOnlyList<double> decays, int folds, TrainingRun run, Func<double, int, (double Loss, double Accuracy)> score)
    {
        (double Loss, double Decay) best = (double.MaxValue, decays[0]);
        for (int i = 0; i < decays.Count; i++)
        {
            (double loss, double accuracy) = (0, 0);
            for (int fold = 0; fold < folds; fold++)
            {
                run.Cancellation.ThrowIfCancellationRequested();
                (double foldLoss, double foldAccuracy) = score(decays[i], fold);
                loss += foldLoss / folds;
                accuracy += foldAccuracy / folds;
            }

            run.AddPoint(new() { Seconds = run.Clock.Seconds, Epoch = i + 1, ValidationLoss = loss, ValidationAccuracy = accuracy }, (i + 1.0) / decays.Count);
            best = loss < best.Loss ? (loss, decays[i]) : best;
            if (loss > Passed * best.Loss)
            {
                break;
            }
        }

        run.Settings["validation"] = Folds.Describe(folds);
        return best.Decay;
    }
}
