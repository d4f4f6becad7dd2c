using System.Collections.Concurrent;

namespace TransferLab.Cli;

/// <summary>
/// Has the work of a command run on the process' first thread. Under glibc that thread alone allocates from the main heap, which grows without bound and into
/// huge pages (<see cref="Runtime.NativeMemory.TuneForTraining"/>); any other takes from arenas of 64 MB pieces, while what the main heap once held lies idle.
/// </summary>
internal static class MainThread
{
    private static readonly BlockingCollection<Action> s_work = [];
    private static volatile bool s_isBusy;

    /// <summary>Does what <see cref="Run"/> is given, on the calling thread, until a program has ended; one that ends while work goes on ends the
    /// process.</summary>
    /// <param name="program">Started on another thread.</param>
    /// <returns>The program's exit code.</returns>
    public static int Serve(Func<Task<int>> program)
    {
        Task<int> running = Task.Run(program);
        _ = running.ContinueWith(
            ended =>
            {
                if (s_isBusy && ended.IsCompletedSuccessfully)
                {
                    Environment.Exit(ended.Result); // Cancelled, and not done in time.
                }

                s_work.CompleteAdding();
            },
            TaskScheduler.Default);
        foreach (Action work in s_work.GetConsumingEnumerable())
        {
            s_isBusy = true;
            work();
        }

        return running.GetAwaiter().GetResult();
    }

    /// <summary>Runs work on the thread that serves.</summary>
    public static Task<int> Run(Func<int> work)
    {
        TaskCompletionSource<int> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        s_work.Add(() =>
        {
            try
            {
                int code = work();
                s_isBusy = false;
                done.SetResult(code);
            }
            catch (Exception e)
            {
                s_isBusy = false;
                done.SetException(e);
            }
        });
        return done.Task;
    }
}
