namespace TransferLab.Training;

/// <summary>One point of a learning curve.</summary>
public sealed record CurvePoint
{
    /// <summary>Seconds since the run began, reading and features included.</summary>
    public required double Seconds { get; init; }

    /// <summary>Epochs (or solver iterations) done.</summary>
    public required double Epoch { get; init; }

    /// <summary>Mean training loss since the last point.</summary>
    public double? TrainLoss { get; init; }

    /// <summary>Share of training examples right since the last point (on augmented views where there are any).</summary>
    public double? TrainAccuracy { get; init; }

    /// <summary>Loss on validation examples, where some are held out.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>Accuracy on validation examples, where some are held out.</summary>
    public double? ValidationAccuracy { get; init; }
}
