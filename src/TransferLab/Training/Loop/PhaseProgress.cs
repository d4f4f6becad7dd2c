namespace TransferLab.Training;

/// <summary>How far a phase has come: by its steps, or by the clock where it has a time to end at. The learning rate follows.</summary>
/// <param name="schedule">Rates, as shares of the peak.</param>
/// <param name="clock">The run's clock.</param>
/// <param name="until">Its reading, seconds, at which the phase ends; null where the steps decide.</param>
internal sealed class PhaseProgress(LearningRateSchedule schedule, RunClock clock, double? until)
{
    private readonly double _from = clock.Seconds;

    /// <summary>Whether the clock decides.</summary>
    public bool IsTimed => until is not null;

    /// <summary>Whether the time is up.</summary>
    public bool IsOver => clock.Seconds >= until;

    /// <summary>Share of the phase that is done after that many steps.</summary>
    public double Done(int steps) => until is { } end
        ? Math.Clamp((clock.Seconds - _from) / Math.Max(1e-9, end - _from), 0, 1)
        : Math.Min(1, (double)steps / schedule.Steps);

    /// <summary>The rate of a step, counted from 0.</summary>
    public double RateAt(int step) => IsTimed ? schedule.AtShare(Done(step)) : schedule.At(step);
}
