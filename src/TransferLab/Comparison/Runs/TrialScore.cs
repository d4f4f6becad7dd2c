namespace TransferLab.Comparison;

/// <summary>How one trial of tuning did on the validation fold.</summary>
/// <param name="Accuracy">Share of the fold that was right.</param>
/// <param name="LogLoss">Decides between equals.</param>
/// <param name="Seconds">What training and judging it took.</param>
internal sealed record TrialScore(double Accuracy, double LogLoss, double Seconds)
{
    /// <summary>The loss of every example of the fold, where trials are compared example by example; null where it diverged.</summary>
    public IReadOnlyList<double>? Losses { get; init; }
}
