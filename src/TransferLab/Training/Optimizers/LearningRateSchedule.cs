using TransferLab.Strategies;

namespace TransferLab.Training;

/// <summary>A linear warm-up, then the way down that a schedule names, as a share of the peak rate.</summary>
internal sealed record LearningRateSchedule(Schedule Schedule, int Steps, double WarmUp)
{
    /// <summary>The share at a step, counted from 0.</summary>
    public double At(int step)
    {
        double rising = Math.Max(1, WarmUp * Steps);
        return Schedule == Schedule.Constant ? 1
            : step < rising ? (step + 1) / (rising + 1)
            : Falling(step - rising, Math.Max(1, Steps - rising));
    }

    /// <summary>The share where a share of all time has passed, for training that ends by the clock.</summary>
    public double AtShare(double done) => Schedule == Schedule.Constant ? 1
        : done < WarmUp ? Math.Max(0.01, done / WarmUp)
        : Falling(done - WarmUp, Math.Max(1e-9, 1 - WarmUp));

    private double Falling(double passed, double all) =>
        Schedule == Schedule.Linear ? Math.Max(0, 1 - (passed / all)) : 0.5 * (1 + Math.Cos(Math.PI * passed / all));
}
