namespace TransferLab.Comparison;

/// <summary>Whether a model is right as often as it says.</summary>
public sealed record Calibration
{
    /// <summary>
    /// Expected calibration error: mean distance between the probability that a model gives to what it predicts and how often that is right, over 15
    /// bins of equally many test examples (Naeini et al. 2015; bins of equal mass: Nguyen and O'Connor 2015).
    /// </summary>
    public required double Error { get; init; }

    /// <summary>The same error that a perfectly calibrated model with these probabilities would show with so few test examples: the error's floor.</summary>
    public required double ErrorByChance { get; init; }

    /// <summary>Mean probability minus accuracy: above 0 for a model that is too sure.</summary>
    public required double Overconfidence { get; init; }

    /// <summary>The bins, the least sure first.</summary>
    public required IReadOnlyList<CalibrationBin> Bins { get; init; }
}

/// <summary>Test examples of like probability.</summary>
/// <param name="Confidence">Mean probability given to what was predicted.</param>
/// <param name="Accuracy">How often that was right.</param>
/// <param name="Count">How many examples.</param>
public sealed record CalibrationBin(double Confidence, double Accuracy, int Count);

/// <summary>Probabilities mended by one number that was fitted on training examples held out for it (temperature scaling, Guo et al. 2017).</summary>
public sealed record CalibratedResult
{
    /// <summary>What logits are divided by: above 1 makes a model less sure. Predicted labels stay.</summary>
    public required double Temperature { get; init; }

    /// <summary>Training examples that were held out to fit it, and not trained on.</summary>
    public required int HeldOut { get; init; }

    /// <summary>Log loss on the test with it.</summary>
    public required double LogLoss { get; init; }

    /// <summary>Probability of the predicted label of each test example with it.</summary>
    public required IReadOnlyList<float> Score { get; init; }
}
