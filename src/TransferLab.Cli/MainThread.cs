using System.Collections.Concurrent;

namespace TransferLab.Cli;

/// <summary>
/// Has the work of a command run on the process' first thread. Under glibc that thread alone allocates from the main heap, which grows without bound and into
/// huge pages (<see cref="Runtime.NativeMemory.TuneForTraining"/>); any other takes from arenas of 64 MB pieces, while what the main heap once held lies idle.
/// </summary>
internal sealed class MainThread
{
    /// <summary>Of the program that is running; a command that is called without one, as tests do, works on a thread of the pool.</summary>
    private static readonly AsyncLocal<MainThread?> s_serving = new();
    private readonly BlockingCollection<Action> _work = [];
    private volatile bool _isBusy;

    private MainThread()
    {
    }

    /// <summary>Does what <see cref="Run"/> is given, on the calling thread, until a program has ended; one that ends while work goes on ends the
    /// process.</summary>
    /// <param name="program">Started on another thread.</param>
    /// <returns>The program's exit code.</returns>
    public static int Serve(Func<Task<int>> program)
    {
        MainThread main = new();
        Task<int> running = Task.Run(() =>
        {
            s_serving.Value = main;
            return program();
        });
        _ = running.ContinueWith(main.End, TaskScheduler.Default);
        foreach (Action work in main._work.GetConsumingEnumerable())
        {
            work();
        }

        return running.GetAwaiter().GetResult();
    }

    /// <summary>Runs work on the thread that serves.</summary>
    public static Task<int> Run(Func<int> work) => s_serving.Value is { } main ? main.Add(work) : Task.Run(work);

    private Task<int> Add(Func<int> work)
    {
        TaskCompletionSource<int> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            _isBusy = true;
            try
            {
                int code = work();
                _isBusy = false;
                done.SetResult(code);
            }
            catch (Exception e)
            {
                _isBusy = false;
                done.SetException(e);
            }
        });
        return done.Task;
    }

    private void End(Task<int> program)
    {
        if (_isBusy && program.IsCompletedSuccessfully)
        {
            Environment.Exit(program.Result); // Cancelled, and not done in time.
        }

        _work.CompleteAdding();
    }
}
