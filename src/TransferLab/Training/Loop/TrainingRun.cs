using TransferLab.Networks;
using TransferLab.Runtime;
using TransferLab.Strategies;

namespace TransferLab.Training;

/// <summary>What one run carries along: its seed, clock, curve and settings, and whom it tells.</summary>
internal sealed class TrainingRun(int seed, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
{
    public int Seed => seed;

    public CancellationToken Cancellation => cancellation;

    /// <summary>How inputs are varied, in phases that vary them.</summary>
    public Augmentation Augmentation { get; init; } = Augmentation.Standard;

    /// <summary>What is done about classes of different sizes.</summary>
    public Balance Balance { get; init; }

    /// <summary>Where an unfinished run is kept; null for nowhere.</summary>
    public Checkpoint? Checkpoint { get; init; }

    public RunClock Clock { get; } = new();

    public List<CurvePoint> Curve { get; } = [];

    public Dictionary<string, string> Settings { get; } = [];

    /// <summary>Goes on where an interrupted run was.</summary>
    public void Resume(CheckpointState state)
    {
        Clock.Resume(state.Clock);
        Curve.AddRange(state.Curve);
        foreach ((string name, string value) in state.Settings)
        {
            Settings[name] = value;
        }
    }

    /// <summary>Adds a point to the curve and shows it.</summary>
    public void AddPoint(CurvePoint point, double share)
    {
        Curve.Add(point);
        progress?.Report(new("training", share, point));
    }

    /// <summary>Says where it stands.</summary>
    public void Report(string stage, double share) => progress?.Report(new(stage, share));

    /// <summary>Says where it stands after a step.</summary>
    public void ReportStep(double share, double loss, long positions) =>
        progress?.Report(new("training", share) { Loss = loss, Positions = Positions += positions });

    /// <summary>Positions that training has passed.</summary>
    public long Positions { get; private set; }

    /// <summary>A seed for one purpose within the run, different for every purpose and index.</summary>
    public int SeedFor(string purpose, int a = 0, int b = 0) => Seeds.Mix(seed, purpose, a, b);
}
