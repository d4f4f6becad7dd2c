using System.Diagnostics;
using TransferLab.Cli;
using TransferLab.Cli.Commands;
using TransferLab.Cli.Hosted;
using TransferLab.Comparison;
using TransferLab.Data;
using TransferLab.Reporting;
using TransferLab.Training;
using Passage = TransferLab.Data.Passage;

namespace TransferLab.Chat.Tests;

/// <summary>A model of a host, asked over real HTTP on this machine: what it is sent, what is repeated, what is kept, and that the key stays where it
/// is.</summary>
public sealed class HostedComparisonTests : IAsyncLifetime
{
    private static readonly string[] s_things = ["harbour", "orchard", "violin", "glacier"];
    private readonly string _folder = Directory.CreateTempSubdirectory("hosted-").FullName;
    private readonly List<string> _said = [];
    private LoopbackHost _host = null!;

    public async Task InitializeAsync() => _host = await LoopbackHost.StartAsync();

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Contexts_and_controls_are_asked_and_a_repeated_comparison_asks_nothing()
    {
        ComparisonResults results = Run("prompt,few-shot,rag,oracle,shuffled,nearest");

        Assert.Equal([0, 1, 1, 1, 0, 1], results.Strategies.Select(row => row.Accuracy.Value)); // It reads what it is shown, and knows nothing.
        Assert.Equal(0, _host.Strangers);
        Assert.Equal(16, _host.Asked.Count); // What rag and oracle show alike is asked once.
        Assert.All(_host.Asked, body => Assert.Contains("\"temperature\":0", body, StringComparison.Ordinal));
        Assert.All(_host.Asked, body => Assert.Contains("\"max_completion_tokens\":16", body, StringComparison.Ordinal));
        Assert.Equal((11, 5), (results.Strategies[0].Cost!.InputTokens, results.Strategies[0].Cost!.OutputTokens));
        Assert.DoesNotContain(results.Metrics, metric => metric.Name == "log loss");
        Assert.False(Directory.Exists(Path.Combine(_folder, "models")));
        Assert.Contains(_host.Endpoint.ToString(), HtmlReport.Render(results), StringComparison.Ordinal);

        Assert.Equal(0, Estimate("prompt,rag").Requests);
        Run("prompt,rag,oracle", restart: true);
        Assert.Equal(16, _host.Asked.Count);
        AssertNoKey();
    }

    [Fact]
    public void A_judge_at_a_host_has_a_column_of_its_own_and_is_asked_once_for_equal_answers()
    {
        HostedJudge Judge() => new(Host(), "j", new(_folder, restart: false));
        ComparisonResults results = Run("prompt,rag,oracle,shuffled", judge: Judge());

        Assert.Equal("judged", results.Metrics[^1].Name);
        Assert.Equal([0, 1, 1, 0], results.Strategies.Select(row => row.Estimates["judged"].Value));
        string[] judged = [.. _host.Asked.Where(body => body.Contains("Answer to judge", StringComparison.Ordinal))];
        Assert.Equal(12, judged.Length); // What rag and oracle answer alike is judged once.
        Assert.All(judged, body => Assert.Contains("\"model\":\"j\"", body, StringComparison.Ordinal));
        Assert.Equal("Judged by j, which says the same as 'contains' of 100.0 % of the answers. Of 4 answers it said neither right nor wrong; they count as "
            + "wrong. A judge errs too, and small models more: read its column beside the others.", results.Verdicts[^1]);
        Assert.Contains("judged, %", AnswerTable.ToText(results), StringComparison.Ordinal);

        int before = _host.Asked.Count;
        Run("prompt,rag", judge: Judge());
        Assert.Equal(before, _host.Asked.Count);
        Assert.StartsWith(
            $"leaves    this data leaves the machine: at most 12 requests with questions, their right answers and what was answered go to {_host.Endpoint}, "
                + "judge j",
            Judge().Lines(Data().Test, 3, 16).First(), StringComparison.Ordinal);
        Refuse(1, 404, "There is no model j", "model_not_found");
        Assert.StartsWith("judge, question t0:", Assert.Throws<HostException>(() => Judge().IsRight(Data().Test[0], "something", default)).Message,
            StringComparison.Ordinal);
        AssertNoKey();
    }

    [Theory]
    [InlineData("Yes", true)]
    [InlineData("**No**, it does not.", false)]
    [InlineData("The answer: no.", false)]
    [InlineData("Nothing to see", null)]
    [InlineData("", null)]
    public void A_judge_is_understood_by_its_first_yes_or_no(string said, bool? verdict) => Assert.Equal(verdict, JudgeQuestion.Read(said));

    [Fact]
    public void A_judge_reads_what_was_said_before_the_question()
    {
        Turn[] turns = [new(Role.System, "Be kind."), new(Role.User, "Who wrote it?"), new(Role.Assistant, "Ada."), new(Role.User, "And where?")];
        string asked = JudgeQuestion.Of(new() { Name = "1", Prompt = new(turns), Reference = "In London." }, "London").Turns[^1].Content;
        Assert.StartsWith("What was said before:\nUser: Who wrote it?\nAssistant: Ada.\n\nQuestion:\nAnd where?\n", asked, StringComparison.Ordinal);
        string first = JudgeQuestion.Of(new() { Name = "1", Prompt = new(turns[..2]), Reference = "Ada." }, "Ada").Turns[^1].Content;
        Assert.StartsWith("Question:\nWho wrote it?\n", first, StringComparison.Ordinal);
    }

    [Fact]
    public void What_may_pass_is_repeated_as_late_as_the_host_asks()
    {
        foreach (Func<Microsoft.AspNetCore.Http.HttpContext, Task> fault in new[]
        {
            LoopbackHost.Error(429, "slow down", "rate_limit_exceeded", retryAfter: "1"), LoopbackHost.Error(500, "oops"), LoopbackHost.BreakAsync,
                LoopbackHost.EndEarlyAsync, LoopbackHost.Error(503, ""),
        })
        {
            _host.Faults.Enqueue(fault);
        }

        long start = Stopwatch.GetTimestamp();
        ComparisonResults results = Run("rag");

        Assert.True(Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(1), "Retry-After was not honoured.");
        Assert.Equal(1, results.Strategies[0].Accuracy.Value); // Halves of answers are no answers.
        Assert.Equal(9, _host.Asked.Count);
        Assert.Equal(5, _said.Count);
        Assert.StartsWith("waiting   1 s: HTTP 429, slow down; then try 2 of 6", _said[0], StringComparison.Ordinal);
        Assert.Contains("broke off", _said[3], StringComparison.Ordinal);
        Assert.True(results.Strategies[0].Cost!.Seconds < 0.9, "Waiting counted as answering.");
    }

    [Fact]
    public void A_host_that_goes_on_failing_costs_no_answer_twice()
    {
        Run("prompt");
        Refuse(HostRetry.Tries, 500, $"no luck for {LoopbackHost.Key}", "");
        HostException failed = Assert.Throws<HostException>(() => Run("prompt,rag"));
        Assert.Equal(
            $"rag, question t0: {_host.Endpoint}: HTTP 500, no luck for ***, 6 times. Answers that are there are kept, 4 so far: the same command goes on with "
                + $"them.", failed.Message);

        int before = _host.Asked.Count;
        Run("prompt,rag");
        Assert.Equal(before + 4, _host.Asked.Count);
        AssertNoKey();
    }

    [Theory]
    [InlineData(401, "Incorrect API key provided", "invalid_api_key", "HTTP 401, the host refuses the key in TEST_KEY.")]
    [InlineData(429, "You exceeded your current quota", "insufficient_quota", "HTTP 429, You exceeded your current quota.")]
    [InlineData(404, "There is no model m", "model_not_found", "HTTP 404, There is no model m.")]
    public void What_does_not_pass_by_waiting_is_not_repeated(int status, string message, string code, string says)
    {
        Refuse(1, status, message, code);
        HostException failed = Assert.Throws<HostException>(() => Run("prompt"));
        Assert.Contains(says, failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failed.Message);
        Assert.Single(_host.Asked);
    }

    [Fact]
    public void A_host_of_an_older_form_or_without_a_temperature_is_asked_as_it_wants()
    {
        Refuse(1, 400, "Extra inputs are not permitted: max_completion_tokens", "");
        Refuse(1, 400, "Unsupported value: 'temperature' does not support 0", "unsupported_value");
        Refuse(1, 400, "This model reads 10 tokens at most", "context_length_exceeded");
        ComparisonResults results = Run("rag");

        Assert.Equal(0.75, results.Strategies[0].Accuracy.Value); // The question that was too long counts as not answered.
        Assert.Contains("\"max_tokens\":16", _host.Asked.Last(), StringComparison.Ordinal);
        Assert.DoesNotContain("max_completion_tokens", _host.Asked.Last(), StringComparison.Ordinal);
        Assert.DoesNotContain("temperature", _host.Asked.Last(), StringComparison.Ordinal);
        Assert.Contains(results.Warnings, warning => warning.Contains("longer than the model reads", StringComparison.Ordinal));
    }

    [Fact]
    public void What_leaves_and_what_it_costs_is_said_before_and_confirmed()
    {
        HostEstimate estimate = Estimate("prompt,rag,shuffled,nearest");
        string[] lines = [.. estimate.Lines(Host(), "m", new(1, 1000, 0))];

        Assert.Equal((12, 0, 12 * 16), (estimate.Requests, estimate.Kept, estimate.OutputTokens));
        Assert.InRange(estimate.InputTokens, 200, 900);
        Assert.StartsWith(
            $"leaves    this data leaves the machine: 12 requests with questions, and the examples and passages beside them, go to {_host.Endpoint}, model m",
            lines[0], StringComparison.Ordinal);
        Assert.StartsWith("cost      at most about 0.19", lines[2], StringComparison.Ordinal);
        Assert.Contains("not known", estimate.Lines(Host(), "m", null).Last(), StringComparison.Ordinal);

        Assert.True(Ask("y\n"));
        Assert.False(Ask("\n"));
        Assert.False(Ask("n\n"));
        Assert.False(Ask(""));
        Assert.False(Ask("y\n", isTerminal: false));
        Assert.True(Ask("", isTerminal: false, yes: true));
        Assert.Empty(_host.Asked);

        static bool Ask(string typed, bool isTerminal = true, bool yes = false)
        {
            using StringReader input = new(typed);
            using StringWriter output = new();
            try
            {
                new HostConsent(input, output, isTerminal).Ask(["leaves"], yes);
                return true;
            }
            catch (ArgumentException e)
            {
                Assert.StartsWith("Nothing was sent", e.Message, StringComparison.Ordinal);
                return false;
            }
        }
    }

    [Theory]
    [InlineData("ftp://x", null, "key-of-mine", "no http or https address")]
    [InlineData("https://me:key-of-mine@example.org/v1", null, "key-of-mine", "holds no user, key or query")]
    [InlineData("https://example.org/v1?key=key-of-mine", null, "key-of-mine", "holds no user, key or query")]
    [InlineData("https://example.org/v1", "key-of-mine", "x", "never the key itself")]
    [InlineData("https://example.org/v1", null, null, "OPENAI_API_KEY: is not set")]
    [InlineData("https://example.org/v1", "MINE", " ", "MINE: is not set")]
    [InlineData("http://example.org/v1", null, "key-of-mine", "unencrypted")]
    [InlineData("https://example.org/v1", null, "key-of-mine two", "no key has")]
    public void An_address_that_cannot_be_used_is_refused_without_the_key(string url, string? variable, string? key, string says)
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => ModelHost.Of(url, variable, _ => key));
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("key-of-mine", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_is_that_of_the_api_and_this_machine_needs_no_key()
    {
        Assert.Equal("https://api.openai.com/v1", ModelHost.Of("https://api.openai.com", null, _ => "k").ToString());
        Assert.Equal("http://localhost:8080/v1", ModelHost.Of("http://localhost:8080/", null, _ => null).ToString());
        Assert.Equal("https://me.example/openai/v1", ModelHost.Of("https://me.example/openai/v1/", null, _ => "k").ToString());
    }

    [Fact]
    public async Task The_command_refuses_asks_and_writes_no_key()
    {
        string questions = Path.Combine(_folder, "ages.jsonl"), documents = Path.Combine(_folder, "documents"), output = Path.Combine(_folder, "out");
        await File.WriteAllLinesAsync(questions,
            s_things.Select((thing, i) =>
                $$"""{"messages":[{"role":"user","content":"How old is the {{thing}}?"},{"role":"assistant","content":"{{100 + i}} years."}],"answers":["{{100 + i}}"],"fact":"{{thing}}"}"""));
        Directory.CreateDirectory(documents);
        for (int i = 0; i < s_things.Length; i++)
        {
            await File.WriteAllTextAsync(Path.Combine(documents, $"{s_things[i]}.txt"),
                $"The {s_things[i]} is {100 + i} years old, and loved by everybody who lives near it.");
        }

        string[] command = ["compare", "--chat", questions, "--documents", documents, "--host", _host.Endpoint.ToString(), "--model", "m",
            "--host-key-variable", "TEST_KEY", "--out", output];
        Environment.SetEnvironmentVariable("TEST_KEY", LoopbackHost.Key);
        Assert.Equal(2, await CommandRunner.RunAsync([CompareCommand.Create()], [.. command, "--strategies", "prompt,lora", "--yes"]));
        Assert.False(Directory.Exists(output));
        Assert.Equal(2, await CommandRunner.RunAsync([CompareCommand.Create()], command)); // There is no terminal to confirm it at.
        Assert.Empty(_host.Asked);

        Assert.Equal(2, await CommandRunner.RunAsync([CompareCommand.Create()], [.. command, "--yes", "--judge-host", _host.Endpoint.ToString()]));
        Assert.Empty(_host.Asked);

        (int code, string said) = await RunAsync([.. command, "--yes", "--judge", "j", "--judge-host", _host.Endpoint.ToString()]);
        Assert.True(code == 0, said);
        Assert.Contains("this data leaves the machine", said, StringComparison.Ordinal);
        Assert.Contains("judge j", said, StringComparison.Ordinal);
        Assert.Contains("judged, %", said, StringComparison.Ordinal);
        Assert.Contains("rag", said, StringComparison.Ordinal);
        Assert.NotEmpty(_host.Asked);
        Assert.Equal(0, _host.Strangers);
        Assert.DoesNotContain(LoopbackHost.Key, said, StringComparison.Ordinal);
        AssertNoKey();
    }

    [Theory]
    [InlineData("lora", "--seeds 1", "--strategies lora: tunes a model of this machine, and --host asks one elsewhere")]
    [InlineData("prompt,raft+rag", "--seeds 1", "--strategies raft+rag: tunes")]
    [InlineData("prompt", "--tune 2", "--tune: is for a model of this machine")]
    [InlineData("prompt", "--epochs 3", "--epochs: is for a model of this machine")]
    public void What_tunes_is_refused_before_any_work(string ways, string options, string says)
    {
        ArgumentException refused =
            Assert.Throws<ArgumentException>(() => HostedRun.Check(CompareCommand.Create().Parse(options), [.. ways.Split(',').Select(AnswerWay.Find)]));
        Assert.StartsWith(says, refused.Message, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Said)> RunAsync(string[] arguments)
    {
        (TextWriter output, TextWriter error) = (Console.Out, Console.Error);
        using StringWriter said = new();
        TextWriter both = TextWriter.Synchronized(said); // Other tests may write at the same time.
        Console.SetOut(both);
        Console.SetError(both);
        try
        {
            return (await CommandRunner.RunAsync([CompareCommand.Create()], arguments), said.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }
    }

    private void Refuse(int times, int status, string message, string code)
    {
        for (int i = 0; i < times; i++)
        {
            _host.Faults.Enqueue(LoopbackHost.Error(status, message, code));
        }
    }

    private ModelHost Host() => ModelHost.Of(_host.Endpoint.ToString(), "TEST_KEY", _ => LoopbackHost.Key);

    private ComparisonResults Run(string ways, bool restart = false, IAnswerJudge? judge = null) => Comparer(ways, restart, judge).Comparer.Run();

    private HostEstimate Estimate(string ways)
    {
        (AnswerComparer comparer, HostedModel model, AnswerCache cache) = Comparer(ways, restart: false);
        return HostEstimate.Of(comparer.Requests(), model, cache, 16);
    }

    private (AnswerComparer Comparer, HostedModel Model, AnswerCache Cache) Comparer(string ways, bool restart, IAnswerJudge? judge = null)
    {
        AnswerCache cache = new(_folder, restart: false);
        HostedModel model = new(Host(), "m", 16, new HostRetry(Host(), _said.Add, TimeSpan.FromMilliseconds(1)), cache);
        Words words = new([.. s_things.Select((thing, i) => new Passage($"p{i}", $"{thing}.md", $"The {thing} is as old as {100 + i} years."))]);
        AnswerOptions options = new()
        {
            Ways = [.. ways.Split(',').Select(AnswerWay.Find)],
            AnswerTokens = 16,
            Documents = words.Passages,
            Retriever = words,
            Passages = 1,
            Shots = 1,
            Compute = ComputeDevice.Choose("cpu", "float32"),
            TuningCompute = ComputeDevice.Choose("cpu", "float32"),
            OutputFolder = _folder,
            Restart = restart,
            Judge = judge,
        };
        return (new(Data(), model, options), model, cache);
    }

    private static QuestionSet Data()
    {
        static Question Of(string name, string question, int i) => new()
        {
            Name = name,
            Prompt = new([new(Role.User, question)]),
            Reference = $"{100 + i}.",
            Answers = [$"{100 + i}"],
            Fact = $"age of {i}",
            Document = $"{s_things[i]}.md",
        };
        return QuestionSet.Of("things", [.. s_things.Select((thing, i) => Of($"a{i}", $"How old is the {thing}?", i))],
            [.. s_things.Select((thing, i) => Of($"t{i}", $"What age has the {thing}, please?", i))]);
    }

    /// <summary>No file that was written holds the key.</summary>
    private void AssertNoKey() => Assert.All(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories), file =>
        Assert.DoesNotContain(LoopbackHost.Key, File.ReadAllText(file), StringComparison.Ordinal));

    private sealed class Words(IReadOnlyList<Passage> passages) : IPassageRetriever
    {
        public string Name => "words";

        public IReadOnlyList<Passage> Passages => passages;

        public IReadOnlyList<RetrievedPassage> Retrieve(string question, int count) =>
            [.. passages.Select(passage => new RetrievedPassage(passage, passage.Source.Split('.')[0] is var thing
                && question.Contains(thing, StringComparison.Ordinal) ? 1 : 0)).OrderByDescending(found => found.Score).Take(count)];
    }
}
