using TransferLab.Cli;

namespace TransferLab.Tests.Cli;

public sealed class MainThreadTests
{
    [Fact]
    public void Work_runs_on_the_thread_that_serves_and_its_code_and_its_failure_reach_the_program()
    {
        int here = Environment.CurrentManagedThreadId, there = 0;
        string? failure = null;
        int code = MainThread.Serve(async () =>
        {
            int found = await MainThread.Run(() =>
            {
                there = Environment.CurrentManagedThreadId;
                return 3;
            });
            failure = (await Assert.ThrowsAsync<IOException>(() => MainThread.Run(() => throw new IOException("full")))).Message;
            return found + 1;
        });
        Assert.Equal((4, here, "full"), (code, there, failure));
    }
}
