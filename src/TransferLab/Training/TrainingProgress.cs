namespace TransferLab.Training;

/// <summary>Where a training run stands.</summary>
/// <param name="Stage">What it does now: <c>features</c>, <c>training</c> or <c>test</c>.</param>
/// <param name="Share">Share of the stage that is done, 0 to 1.</param>
/// <param name="Point">The newest point of the learning curve, where there is one.</param>
public sealed record TrainingProgress(string Stage, double Share, CurvePoint? Point = null)
{
    /// <summary>Loss of the newest step, where there is one.</summary>
    public double? Loss { get; init; }

    /// <summary>Positions that training has passed so far, such as tokens; padding apart. 0 where they are not counted.</summary>
    public long Positions { get; init; }
}
