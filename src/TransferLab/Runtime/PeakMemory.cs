
namespace TransferLab.Runtime;

/// <summary>Watches the process's resident memory for a while.</summary>
internal sealed class PeakMemory : IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(50);
    private readonly Timer _timer;
    private long _peak;

    public PeakMemory()
    {
        NativeMemory.Release();
        Sample();
        _timer = new Timer(_ => Sample(), null, s_interval, s_interval);
    }

    /// <summary>Largest resident memory since the start, bytes.</summary>
    public long Bytes
    {
        get
        {
            Sample();
            return Interlocked.Read(ref _peak);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Sample()
    {
        long now = Environment.WorkingSet;
        for (long seen = Interlocked.Read(ref _peak); now > seen; seen = Interlocked.Read(ref _peak))
        {
            Interlocked.CompareExchange(ref _peak, now, seen);
        }
    }
}
