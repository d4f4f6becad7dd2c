using System.Diagnostics;
using System.Globalization;

/// <summary>What a program cost that predicts: the same figures for applications with and without libtorch.</summary>
internal static class Cost
{
    /// <summary>Milliseconds since the system started this process.</summary>
    public static double MillisecondsSinceStart()
    {
        using Process process = Process.GetCurrentProcess();
        return (DateTime.Now - process.StartTime).TotalMilliseconds;
    }

    /// <summary>In one line: start to the first prediction, the median of further ones, how many a second at once, peak memory, the folder's size, and what it
    /// holds of torch.</summary>
    /// <param name="first">Milliseconds from the start to the first prediction.</param>
    /// <param name="repeat">How many more are timed; none at 0.</param>
    /// <param name="predict">One prediction.</param>
    /// <param name="predictMany">That many in one call.</param>
    public static string Describe(double first, int repeat, Action predict, Action<int> predictMany)
    {
        List<double> times = [];
        for (int i = 0; i < repeat; i++)
        {
            long start = Stopwatch.GetTimestamp();
            predict();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        times.Sort();
        double together = 0;
        if (repeat > 0)
        {
            long start = Stopwatch.GetTimestamp();
            predictMany(repeat);
            together = repeat / Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        using Process process = Process.GetCurrentProcess();
        string[] files = Directory.GetFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories);
        bool loaded = AppDomain.CurrentDomain.GetAssemblies().Any(assembly => IsTorch(assembly.GetName().Name));
        return string.Create(CultureInfo.InvariantCulture,
            $"first prediction {first:0} ms after start, then {(times.Count > 0 ? times[times.Count / 2] : 0):0.0} ms each, {together:0} a second in one call; "
                + $"peak {process.PeakWorkingSet64 >> 20} MB; folder {files.Sum(file => new FileInfo(file).Length) >> 20} MB; torch loaded {loaded}, torch "
                + $"files {files.Count(file => IsTorch(Path.GetFileName(file)))}");
    }

    private static bool IsTorch(string? name) => name is not null && name.Contains("torch", StringComparison.OrdinalIgnoreCase);
}
