using System.Diagnostics;

namespace TransferLab.Training;

/// <summary>
/// The time of one run, counted as if no feature had been cached: what the cache saved is added at the price of the first time, so that
/// strategies and seeds compare fairly.
/// </summary>
internal sealed class RunClock
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private double _saved;

    /// <summary>Seconds since the run began, with what the cache saved.</summary>
    public double Seconds => _watch.Elapsed.TotalSeconds + _saved;

    /// <summary>Reading that did not overlap with the network.</summary>
    public double Reading { get; private set; }

    /// <summary>Frozen layers over the training examples.</summary>
    public double Features { get; private set; }

    /// <summary>Whether features were needed and none of them had to be computed.</summary>
    public bool AllFromCache { get; private set; }

    /// <summary>Books one extraction.</summary>
    public void AddFeatures(double reading, double network, double saved, bool allFromCache)
    {
        Reading += reading;
        Features += network;
        _saved += saved;
        AllFromCache = allFromCache;
    }

    /// <summary>Books input that training waited for.</summary>
    public void AddReading(double seconds) => Reading += seconds;

    /// <summary>The run's time so far; training is what is neither reading nor features.</summary>
    public RunTime ToRunTime() => new()
    {
        Reading = Reading,
        Features = Features,
        Training = Math.Max(0, Seconds - Reading - Features),
        FeaturesFromCache = AllFromCache,
    };
}
