using System.Diagnostics;
using TransferLab.Cli;
using TransferLab.Cli.Commands;
using TransferLab.Cli.Hosted;

namespace TransferLab.Chat.Tests;

/// <summary>Tuning at a host, over real HTTP on this machine: one job and no second one, its end in one line, and a comparison of before and after.</summary>
public sealed class HostedTuningTests : IAsyncLifetime
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);
    private readonly string _folder = Directory.CreateTempSubdirectory("hosted-tuning-").FullName;
    private readonly List<string> _said = [];
    private LoopbackHost _host = null!;

    public async Task InitializeAsync()
    {
        Environment.SetEnvironmentVariable("TEST_KEY", LoopbackHost.Key);
        _host = await LoopbackHost.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_job_is_followed_to_its_end()
    {
        TuningJobs jobs = Jobs();
        string file = await jobs.UploadAsync(Rows("train.jsonl", 10), default);
        TuningJob begun = await jobs.StartAsync("small-1", file, 3, default), done = await jobs.FollowAsync(begun.Id, default);

        Assert.Equal(("file-7", "ftjob-1", "ft:small-1:me", 1234), (file, begun.Id, done.Tuned, done.TrainedTokens));
        Assert.Contains("How old is thing 3?", Assert.Single(_host.Files), StringComparison.Ordinal);
        Assert.Equal("""{"model":"small-1","training_file":"file-7","method":{"type":"supervised","supervised":{"hyperparameters":{"n_epochs":3}}}}""",
            Assert.Single(_host.Jobs));
        Assert.Equal(
            ["job       ftjob-1: validating_files", "          Step 1/2: training loss=1.50", "          Step 2/2: training loss=0.50",
                "job       ftjob-1: running", "job       ftjob-1: succeeded"], _said);
        Assert.Equal(0, _host.Strangers);
    }

    [Theory]
    [InlineData("failed", "job ftjob-1 failed: invalid_training_file: The job failed: row 3 is; unsafe.")]
    [InlineData("cancelled", "job ftjob-1 was cancelled.")]
    public async Task A_job_that_comes_to_nothing_says_why_in_one_line(string status, string says)
    {
        _host.Statuses = ["running", status];
        HostException failed = await Assert.ThrowsAsync<HostException>(() => Jobs().FollowAsync("ftjob-1", default));
        Assert.Equal($"{_host.Endpoint}: {says}", failed.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_job_is_begun_once_whatever_becomes_of_the_answer(bool beginsAnyway)
    {
        _host.BeginsAnyway = beginsAnyway;
        _host.JobFaults.Enqueue(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        Assert.Equal("ftjob-1", (await Jobs().StartAsync("small-1", "file-7", null, default)).Id);
        Assert.Equal("""{"model":"small-1","training_file":"file-7"}""", Assert.Single(_host.Jobs));
    }

    [Fact]
    public async Task What_cannot_be_tuned_on_or_is_not_confirmed_is_not_sent()
    {
        string[] to = ["--host", _host.Endpoint.ToString(), "--host-key-variable", "TEST_KEY", "--model", "small-1"];
        Assert.Equal(2, await RunAsync(["tune", Rows("few.jsonl", 3), .. to, "--yes"])); // OpenAI takes ten and more.
        Assert.Equal(2, await RunAsync(["tune", Rows("enough.jsonl", 10), .. to])); // There is no terminal to confirm it at.
        Assert.Equal(2, await RunAsync(["tune", .. to]));
        Assert.Equal(2, await RunAsync(["tune", Rows("enough.jsonl", 10), "--model", "small-1"]));
        Assert.Empty(_host.Files);

        Assert.Equal(0, await RunAsync(["tune", "--cancel", "ftjob-1", .. to]));
        Assert.Equal("cancelled", (await Jobs().GetAsync("ftjob-1", default)).Status);
    }

    [SkippableFact]
    public async Task An_interrupted_job_goes_on_is_followed_again_and_compared()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "sends a signal");
        (_host.Statuses, _host.TunedAnswer) = (["running"], "It is 107.");
        string train = Rows("train.jsonl", 12), test = Rows("test.jsonl", 4, first: 104), output = Path.Combine(_folder, "out");
        string[] to = ["--host", _host.Endpoint.ToString(), "--host-key-variable", "TEST_KEY", "--yes"];
        using Process tune = CommandProcess.Start(["chat", "tune", train, .. to, "--model", "small-1", "--price-train", "8"]);
        Task<string> error = tune.StandardError.ReadToEndAsync();
        string said = "";
        while (!said.Contains("running", StringComparison.Ordinal))
        {
            said += await tune.StandardOutput.ReadLineAsync().WaitAsync(s_limit) + "\n";
        }

        await CommandProcess.InterruptAsync(tune, s_limit);
        Assert.Equal(1, tune.ExitCode);
        Assert.Contains($"'transferlab chat tune --host {_host.Endpoint} --job ftjob-1' follows it", await error, StringComparison.Ordinal);
        Assert.Contains("licence   of the rows: not stated", said, StringComparison.Ordinal);
        Assert.Contains("this data leaves the machine: 12 rows", said, StringComparison.Ordinal);
        Assert.Contains("by --price-train", said, StringComparison.Ordinal);
        Assert.Single(_host.Jobs);

        _host.Statuses = ["succeeded"];
        using Process again = CommandProcess.Start(["chat", "tune", "--job", "ftjob-1", .. to, "--test", test, "--out", output]);
        Task<string> compared = again.StandardOutput.ReadToEndAsync();
        error = again.StandardError.ReadToEndAsync();
        await again.WaitForExitAsync().WaitAsync(s_limit);
        Assert.True(again.ExitCode == 0, await error);
        Assert.Contains("tuned     ft:small-1:me, 1,234 tokens trained", await compared, StringComparison.Ordinal);
        Assert.Equal(8, _host.Asked.Count);
        Comparison.ComparisonResults results = Comparison.ResultsFile.Read(Path.Combine(output, "results.json"));
        Assert.Equal([("prompt", 0), ("tuned", 0.25)], results.Strategies.Select(row => (row.Name, row.Accuracy.Value)));
        Assert.All(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories), file =>
            Assert.DoesNotContain(LoopbackHost.Key, File.ReadAllText(file), StringComparison.Ordinal));
        Assert.DoesNotContain(LoopbackHost.Key, said + await compared + await error, StringComparison.Ordinal);
    }

    private static Task<int> RunAsync(string[] arguments) => CommandRunner.RunAsync([ChatTuneCommand.Create()], arguments);

    private TuningJobs Jobs()
    {
        ModelHost host = ModelHost.Of(_host.Endpoint.ToString(), "TEST_KEY", _ => LoopbackHost.Key);
        return new(host, new HostRetry(host, _said.Add, TimeSpan.FromMilliseconds(1)), _said.Add, TimeSpan.FromMilliseconds(1));
    }

    private string Rows(string name, int count, int first = 100)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllLines(path, Enumerable.Range(first, count).Select(age =>
            $$"""{"messages":[{"role":"user","content":"How old is thing {{age - 100}}?"},{"role":"assistant","content":"It is {{age}}."}]{{(first == 100 ? "" : $$""","answers":["{{age}}"]""")}}}"""));
        return path;
    }
}
