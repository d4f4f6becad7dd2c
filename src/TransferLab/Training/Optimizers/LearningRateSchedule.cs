namespace TransferLab.Training;

/// <summary>Linear warm-up, then half a cosine down to zero (Loshchilov and Hutter 2017, arXiv:1608.03983), as a share of the peak rate.</summary>
internal sealed record LearningRateSchedule(int Steps, double WarmUp)
{
    /// <summary>The share at a step, counted from 0.</summary>
    public double At(int step)
    {
        double rising = Math.Max(1, WarmUp * Steps);
        return step < rising
            ? (step + 1) / (rising + 1)
            : 0.5 * (1 + Math.Cos(Math.PI * (step - rising) / Math.Max(1, Steps - rising)));
    }

    /// <summary>The share where a share of all time has passed, for training that ends by the clock.</summary>
    public double AtShare(double done) => done < WarmUp
        ? Math.Max(0.01, done / WarmUp)
        : 0.5 * (1 + Math.Cos(Math.PI * (done - WarmUp) / Math.Max(1e-9, 1 - WarmUp)));
}
