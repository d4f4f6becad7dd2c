using System.Diagnostics;

namespace TransferLab.Training;

/// <summary>
/// The time of one run, counted as if no feature had been cached: what the cache saved is added at the price of the first time, so that
/// strategies and seeds compare fairly.
/// </summary>
internal sealed class RunClock
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private double _saved, _before;

    /// <summary>Seconds since the run began, with what the cache saved.</summary>
    public double Seconds => _before + _watch.Elapsed.TotalSeconds + _saved;

    /// <summary>Reading that did not overlap with the network.</summary>
    public double ReadingSeconds { get; private set; }

    /// <summary>Frozen layers over the training examples.</summary>
    public double Features { get; private set; }

    /// <summary>Whether features were needed and none of them had to be computed.</summary>
    public bool AllFromCache { get; private set; }

    /// <summary>What it shows, to be kept.</summary>
    public Times Now => new(Seconds, ReadingSeconds, Features, AllFromCache);

    /// <summary>Goes on from where an interrupted run's clock stood.</summary>
    public void Resume(Times times)
    {
        (_before, ReadingSeconds, Features, AllFromCache) = (times.Seconds, times.ReadingSeconds, times.Features, times.AllFromCache);
        _saved = 0;
        _watch.Restart();
    }

    /// <summary>Books what another run's clock showed when it had done the same.</summary>
    public void Add(Times times)
    {
        _saved += times.Seconds;
        ReadingSeconds += times.ReadingSeconds;
        Features += times.Features;
    }

    /// <summary>Books one extraction.</summary>
    public void AddFeatures(double reading, double network, double saved, bool allFromCache)
    {
        ReadingSeconds += reading;
        Features += network;
        _saved += saved;
        AllFromCache = allFromCache;
    }

    /// <summary>Books input that training waited for.</summary>
    public void AddReading(double seconds) => ReadingSeconds += seconds;

    /// <summary>The run's time so far; training is what is neither reading nor features.</summary>
    public RunTime ToRunTime() => new()
    {
        Reading = ReadingSeconds,
        Features = Features,
        Training = Math.Max(0, Seconds - ReadingSeconds - Features),
        FeaturesFromCache = AllFromCache,
    };

    /// <summary>The clock at one moment.</summary>
    internal sealed record Times(double Seconds, double ReadingSeconds, double Features, bool AllFromCache);
}
