using System.Runtime.ExceptionServices;

namespace TransferLab.Prediction;

/// <summary>A loop on all processors that fails as a plain one does: the caller asked for images, not for threads.</summary>
internal static class ParallelLoop
{
    /// <summary>Runs a body for 0 to <paramref name="count"/> - 1, in any order.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled between two rounds.</exception>
    /// <exception cref="Exception">The first that a body threw, as it was thrown.</exception>
    public static void Run(int count, Action<int> body, CancellationToken cancellation)
    {
        try
        {
            Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, body);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }
}
