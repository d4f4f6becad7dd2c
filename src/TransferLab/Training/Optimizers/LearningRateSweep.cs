namespace TransferLab.Training;

/// <summary>The loss over rising learning rates.</summary>
/// <param name="Points">Rate of the last layer group (of the head, where it trains alone), and the smoothed loss there, in rising order of rates.</param>
/// <param name="Suggested">A tenth of the rate of the lowest loss: well before training becomes unstable.</param>
internal sealed record LearningRateSweep(IReadOnlyList<LearningRateSweep.Point> Points, double Suggested)
{
    /// <summary>One step of the sweep.</summary>
    /// <param name="Rate">The rate.</param>
    /// <param name="Loss">Exponentially smoothed loss.</param>
    public sealed record Point(double Rate, double Loss);
}
