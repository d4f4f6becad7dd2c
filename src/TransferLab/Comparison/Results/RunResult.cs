using TransferLab.Training;

namespace TransferLab.Comparison;

/// <summary>One training run and its test.</summary>
public sealed record RunResult
{
    /// <summary>Seed of the run.</summary>
    public required int Seed { get; init; }

    /// <summary>Share of test examples that were right.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Macro-averaged F1.</summary>
    public required double MacroF1 { get; init; }

    /// <summary>Log loss, natural logarithm.</summary>
    public required double LogLoss { get; init; }

    /// <summary>Where the time went.</summary>
    public required RunTime Time { get; init; }

    /// <summary>Epochs trained (passes over the training examples); iterations for a solver that has none.</summary>
    public required int Epochs { get; init; }

    /// <summary>Largest resident memory of the process during the run, bytes.</summary>
    public required long PeakMemoryBytes { get; init; }

    /// <summary>Milliseconds for one example, from file to label, median.</summary>
    public required double LatencyMilliseconds { get; init; }

    /// <summary>What training chose: learning rate, weight decay, augmentation, normalisation, best epoch. Name to value, for display.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>How it went, over time.</summary>
    public required IReadOnlyList<CurvePoint> Curve { get; init; }

    /// <summary>Predicted label of each test example.</summary>
    public required IReadOnlyList<int> Predicted { get; init; }

    /// <summary>Probability given to the predicted label, of each test example.</summary>
    public required IReadOnlyList<float> Score { get; init; }

    /// <summary>What each test example counts, by metric (<see cref="ComparisonResults.Metrics"/>): 1 for a right label and 0 for a wrong one, or any number;
    /// empty in files of older versions.</summary>
    public IReadOnlyDictionary<string, double[]> Scores { get; init; } = new Dictionary<string, double[]>();

    /// <summary>What was answered to each test question; null where labels are predicted.</summary>
    public IReadOnlyList<AnswerResult>? Answers { get; init; }

    /// <summary>The tests that differ from the training data; null where there are none.</summary>
    public IReadOnlyList<ShiftedRun>? Shifted { get; init; }

    /// <summary>What training changed inside, with the first seed; null where it was not looked at.</summary>
    public RunInspection? Inspection { get; init; }

    /// <summary>What is left of the pretrained features; null where it was not measured.</summary>
    public Retention? Retention { get; init; }

    /// <summary>Probabilities mended by a temperature; null where none was fitted.</summary>
    public CalibratedResult? Calibrated { get; init; }
}
