using TransferLab.Hub;

namespace TransferLab.Tests.Hub;

public sealed class HubClientTests : IDisposable
{
    private const string Secret = "hf_secret";
    private static readonly byte[] s_weights = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 31 % 251))];
    private readonly string _cache = Directory.CreateTempSubdirectory("transferlab-hub-").FullName;
    private readonly LoopbackHub _hub = new LoopbackHub().Add("config.json", "{}").Add("README.md", "---\nlicense: mit\n---\n")
        .Add("model.safetensors", s_weights).Add("pytorch_model.bin", "x").Add("tf_model.h5", "x");
    private readonly List<TimeSpan> _pauses = [];

    private string ModelFolder => Path.Combine(_cache, "models--owner--name");

    private string Snapshot => Path.Combine(ModelFolder, "snapshots", LoopbackHub.Commit);

    public void Dispose()
    {
        _hub.Dispose();
        Directory.Delete(_cache, recursive: true);
    }

    [Fact]
    public async Task A_model_is_laid_out_as_the_hubs_own_library_does()
    {
        using HubClient client = Client();
        HubModel model = await client.GetAsync(HubReference.Parse("hf:owner/name"));
        Assert.Equal(Snapshot, model.Path);
        Assert.Equal(LoopbackHub.Commit, await File.ReadAllTextAsync(Path.Combine(ModelFolder, "refs", "main")));
        // Never both forms of the weights.
        Assert.Equal(["README.md", "config.json", "model.safetensors"], Directory.GetFiles(Snapshot).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(s_weights, await File.ReadAllBytesAsync(Path.Combine(Snapshot, "model.safetensors")));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal($"../../blobs/{LoopbackHub.Sha256(s_weights)}", new FileInfo(Path.Combine(Snapshot, "model.safetensors")).LinkTarget);
            Assert.Equal($"../../blobs/{LoopbackHub.GitHash("{}"u8.ToArray())}", new FileInfo(Path.Combine(Snapshot, "config.json")).LinkTarget);
        }

        Assert.Empty(Directory.GetFiles(Path.Combine(ModelFolder, "blobs"), "*.incomplete"));
        Assert.DoesNotContain(_hub.Server.Requests, asked => asked.Path.Contains("pytorch_model", StringComparison.Ordinal)
            || asked.Path.Contains("h5", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_in_the_cache_is_found_without_asking_anybody_and_offline_by_name_alone()
    {
        using (HubClient client = Client())
        {
            await client.GetAsync(HubReference.Parse("hf:owner/name"));
        }

        int asked = _hub.Server.Requests.Count;
        using HubClient again = Client(), offline = Client(options => options with { Offline = true });
        Assert.Equal(Snapshot, (await again.GetAsync(HubReference.Parse("hf:owner/name"))).Path);
        Assert.Equal(Snapshot, (await offline.GetAsync(HubReference.Parse("hf:owner/name@" + LoopbackHub.Commit))).Path);
        Assert.Equal(asked, _hub.Server.Requests.Count);
        HubException e = await Assert.ThrowsAsync<HubException>(() => offline.GetAsync(HubReference.Parse("hf:owner/other")));
        Assert.Contains("HF_HUB_OFFLINE is set", e.Message, StringComparison.Ordinal);
        Assert.Contains($"copy models--owner--other into {_cache}", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_python_left_is_used_though_it_holds_part_of_the_files_and_other_links()
    {
        string blobs = Directory.CreateDirectory(Path.Combine(ModelFolder, "blobs")).FullName;
        Directory.CreateDirectory(Snapshot);
        Directory.CreateDirectory(Path.Combine(ModelFolder, "refs"));
        await File.WriteAllTextAsync(Path.Combine(ModelFolder, "refs", "main"), LoopbackHub.Commit);
        await File.WriteAllTextAsync(Path.Combine(blobs, "abc"), "weights");
        File.CreateSymbolicLink(Path.Combine(Snapshot, "model.safetensors"), "../../blobs/abc");
        using HubClient offline = Client(options => options with { Offline = true });
        Assert.Equal(Snapshot, offline.Find(HubReference.Parse("hf:owner/name"))!.Path);
        File.Delete(Path.Combine(blobs, "abc")); // A link that leads nowhere is no model.
        Assert.Null(offline.Find(HubReference.Parse("hf:owner/name")));
    }

    [Fact]
    public async Task The_token_goes_to_the_hub_and_not_where_the_hub_leads()
    {
        _hub.Dispose();
        using LoopbackHub gated = new LoopbackHub { Token = Secret }.Add("model.safetensors", s_weights);
        using HubClient client = Client(options => options with { Endpoint = gated.Server.Address, Token = Secret });
        await client.GetAsync(HubReference.Parse("hf:owner/name"));
        Assert.All(gated.Server.Requests, asked => Assert.Equal($"Bearer {Secret}", asked.Authorization));
        Assert.NotEmpty(gated.Storage.Requests);
        Assert.All(gated.Storage.Requests, asked => Assert.Null(asked.Authorization));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("hf_of_another_account")]
    public async Task A_gated_model_says_in_one_line_where_to_accept_and_how_to_give_a_token(string? token)
    {
        using LoopbackHub gated = new LoopbackHub { Token = Secret }.Add("model.safetensors", s_weights);
        using HubClient client = Client(options => options with { Endpoint = gated.Server.Address, Token = token });
        string message = (await Assert.ThrowsAsync<HubException>(() => client.GetAsync(HubReference.Parse("hf:owner/name")))).Message;
        Assert.Contains($"log in at {gated.Server.Address.AbsoluteUri}owner/name, accept the licence there, and give a token of that account in HF_TOKEN",
            message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        Assert.DoesNotContain("hf_of", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hf:owner/absent", "there is no model of that name, or it is private")]
    [InlineData("hf:owner/name@v9", "has no branch, tag or commit 'v9'")]
    [InlineData("hf:owner/name/other.gguf", "has no file 'other.gguf'; of weights it has model.safetensors, pytorch_model.bin")]
    public async Task What_is_not_there_is_said_so(string reference, string says)
    {
        using HubClient client = Client();
        Assert.Contains(says, (await Assert.ThrowsAsync<HubException>(() => client.GetAsync(HubReference.Parse(reference)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_break_costs_what_was_under_way_and_the_rest_is_asked_for()
    {
        int breaks = 0;
        _hub.Twist = (asked, answer) => asked.Path.StartsWith("/model.safetensors", StringComparison.Ordinal) && breaks++ < 2
            ? answer with { StopAfter = 100_000 }
            : answer;
        using HubClient client = Client();
        await client.GetAsync(HubReference.Parse("hf:owner/name"));
        Assert.Equal(s_weights, await File.ReadAllBytesAsync(Path.Combine(Snapshot, "model.safetensors")));
        Assert.Equal([0L, 100_000, 200_000], _hub.Storage.Requests.Select(asked => asked.From));
    }

    [Fact]
    public async Task A_download_that_another_process_left_goes_on_and_one_that_does_not_fit_is_fetched_anew()
    {
        string incomplete = Path.Combine(Directory.CreateDirectory(Path.Combine(ModelFolder, "blobs")).FullName, LoopbackHub.Sha256(s_weights) + ".incomplete");
        await File.WriteAllBytesAsync(incomplete, s_weights[..50_000]);
        using HubClient client = Client();
        await client.GetAsync(HubReference.Parse("hf:owner/name"));
        Assert.Equal([50_000L], _hub.Storage.Requests.Select(asked => asked.From));
        Directory.Delete(ModelFolder, recursive: true);
        Directory.CreateDirectory(Path.GetDirectoryName(incomplete)!);
        await File.WriteAllBytesAsync(incomplete, new byte[50_000]);
        await client.GetAsync(HubReference.Parse("hf:owner/name"));
        Assert.Equal([50_000L, 50_000, 0], _hub.Storage.Requests.Select(asked => asked.From));
        Assert.Equal(s_weights, await File.ReadAllBytesAsync(Path.Combine(Snapshot, "model.safetensors")));
    }

    [Fact]
    public async Task A_server_without_ranges_sends_all_again()
    {
        int sent = 0;
        _hub.Twist = (asked, answer) => !asked.Path.StartsWith("/model.safetensors", StringComparison.Ordinal)
            ? answer
            : new(200, s_weights) { StopAfter = sent++ == 0 ? 100_000 : int.MaxValue };
        using HubClient client = Client();
        await client.GetAsync(HubReference.Parse("hf:owner/name"));
        Assert.Equal(s_weights, await File.ReadAllBytesAsync(Path.Combine(Snapshot, "model.safetensors")));
    }

    [Theory]
    [InlineData("other bytes", "was changed on the way")]
    [InlineData("more", "sends more than the 300000 bytes")]
    [InlineData("another piece", "sends another piece than was asked for")]
    [InlineData("another hash", "name another hash or size")]
    [InlineData("another commit", "answers with another commit")]
    [InlineData("in circles", "leads on and on")]
    [InlineData("to a file", "not encrypted")]
    public async Task A_server_that_sends_something_else_gets_nothing_into_the_cache(string how, string says)
    {
        _hub.Twist = (asked, answer) => how switch
        {
            "other bytes" when IsStored(asked) => new(200, new byte[s_weights.Length]),
            "more" when IsStored(asked) => new Answer(200, [.. s_weights, 1, 2, 3]) { SaysLength = false },
            "another piece" when IsStored(asked) => new Answer(206, s_weights).With("Content-Range", "bytes 10-300009/300010"),
            "another hash" when asked.Path.EndsWith("model.safetensors", StringComparison.Ordinal) => answer.With("X-Linked-Etag", new string('b', 64)),
            "another commit" when asked.Path.EndsWith("model.safetensors", StringComparison.Ordinal) => answer.With("X-Repo-Commit", new string('b', 40)),
            "in circles" when asked.Path.EndsWith("model.safetensors", StringComparison.Ordinal) => answer.With("Location", asked.Path),
            "to a file" when asked.Path.EndsWith("model.safetensors", StringComparison.Ordinal) => answer.With("Location", "file:///etc/passwd"),
            _ => answer,
        };
        using HubClient client = Client();
        string message = (await Assert.ThrowsAsync<HubException>(() => client.GetAsync(HubReference.Parse("hf:owner/name")))).Message;
        Assert.Contains(says, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        Assert.False(File.Exists(Path.Combine(Snapshot, "model.safetensors")));
        Assert.False(File.Exists(Path.Combine(ModelFolder, "blobs", LoopbackHub.Sha256(s_weights))));
    }

    [Theory]
    [InlineData("../../../.ssh/authorized_keys", "leads elsewhere")]
    [InlineData("/etc/cron.d/x", "begins at the root")]
    [InlineData("a/../b.safetensors", "leads elsewhere")]
    [InlineData("..\\x.safetensors", "holds a character")]
    [InlineData("C:/x.safetensors", "holds a character")]
    [InlineData("x\u0000.safetensors", "holds a character")]
    [InlineData("aux.safetensors", "device of Windows")]
    public async Task A_listing_with_a_name_that_leads_out_of_the_model_is_refused_whole(string name, string says)
    {
        _hub.Add(name, "x");
        using HubClient client = Client();
        Assert.Contains(says, (await Assert.ThrowsAsync<HubException>(() => client.GetAsync(HubReference.Parse("hf:owner/name")))).Message,
            StringComparison.Ordinal);
        Assert.Single(_hub.Server.Requests);
    }

    [Theory]
    [InlineData("<html>log in</html>", "no JSON")]
    [InlineData("[]", "no listing of a model")]
    [InlineData("{\"sha\":\"../../x\",\"siblings\":[]}", "no listing of a model")]
    [InlineData("{\"sha\":\"0123456789abcdef0123456789abcdef01234567\",\"siblings\":[{\"rfilename\":\"model.safetensors\",\"size\":-1}]}", "cannot be")]
    [InlineData("{\"sha\":\"0123456789abcdef0123456789abcdef01234567\",\"siblings\":[{\"rfilename\":\"model.safetensors\",\"size\":5,\"blobId\":\"../x\"}]}",
        "cannot be")]
    [InlineData("{\"sha\":\"0123456789abcdef0123456789abcdef01234567\",\"siblings\":[{\"rfilename\":\"x.txt\"}]}", "holds no weights that are read")]
    public async Task A_listing_that_is_none_is_refused(string body, string says)
    {
        _hub.Twist = (_, _) => Answer.Text(200, body);
        using HubClient client = Client();
        Assert.Contains(says, (await Assert.ThrowsAsync<HubException>(() => client.GetAsync(HubReference.Parse("hf:owner/name")))).Message,
            StringComparison.Ordinal);
        Assert.False(Directory.Exists(Snapshot));
    }

    [Fact]
    public async Task Busy_servers_are_asked_again_after_the_pause_that_they_name()
    {
        int refused = 0;
        _hub.Twist = (_, answer) => refused++ switch
        {
            0 => Answer.Text(429).With("Retry-After", "7"),
            1 => Answer.Text(503).With("Retry-After", DateTimeOffset.UtcNow.AddSeconds(60).ToString("R")),
            2 => Answer.Text(500),
            _ => answer,
        };
        using HubClient client = Client(options => options with { Attempts = 4 });
        await client.GetAsync(HubReference.Parse("hf:owner/name"));
        Assert.Equal(TimeSpan.FromSeconds(7), _pauses[0]);
        Assert.InRange(_pauses[1].TotalSeconds, 50, 61);
        Assert.Equal(TimeSpan.FromSeconds(4), _pauses[2]);
    }

    [Theory]
    [InlineData("3600", "asks to come back in 60 minutes")]
    [InlineData("1", "too many requests (429), 3 times")]
    public async Task Who_stays_busy_is_left(string after, string says)
    {
        _hub.Twist = (_, _) => Answer.Text(429).With("Retry-After", after);
        using HubClient client = Client();
        Assert.Contains(says, (await Assert.ThrowsAsync<HubException>(() => client.GetAsync(HubReference.Parse("hf:owner/name")))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_falls_silent_is_asked_again_and_then_left()
    {
        int slow = 0;
        _hub.Twist = (asked, answer) => IsStored(asked) && slow++ == 0 ? answer with { StopAfter = 1000, Hang = TimeSpan.FromSeconds(20) } : answer;
        using HubClient client = Client(options => options with { Timeout = TimeSpan.FromMilliseconds(300) });
        await client.GetAsync(HubReference.Parse("hf:owner/name"));
        Assert.Equal([0L, 1000], _hub.Storage.Requests.Select(asked => asked.From));
        _hub.Twist = (_, answer) => answer with { Wait = TimeSpan.FromSeconds(20) };
        string message = (await Assert.ThrowsAsync<HubException>(() => client.GetAsync(HubReference.Parse("hf:owner/name@v1")))).Message;
        Assert.Contains("did not answer within 0.3 seconds", message, StringComparison.Ordinal);
        Assert.Contains("fetch it where there is a network", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_the_disk_cannot_hold_is_refused_before_anything_is_fetched()
    {
        using HubClient client = Client(options => options with { FreeBytes = _ => options.Reserve + 200_000 });
        Assert.Contains("make room", (await Assert.ThrowsAsync<HubException>(() => client.GetAsync(HubReference.Parse("hf:owner/name")))).Message,
            StringComparison.Ordinal);
        Assert.Empty(_hub.Storage.Requests);
    }

    [Fact]
    public async Task A_mirror_whose_listing_names_no_hashes_is_checked_by_its_answers_and_one_without_any_needs_a_hash()
    {
        _hub.ListsHashes = false;
        using HubClient client = Client();
        await client.GetAsync(HubReference.Parse("hf:owner/name"));
        Directory.Delete(ModelFolder, recursive: true);
        _hub.Twist = (asked, answer) => new(answer.Status, answer.Body)
        {
            Headers = answer.Headers.Where(header => !header.Key.EndsWith("tag", StringComparison.OrdinalIgnoreCase)).ToDictionary(),
        };
        Assert.Contains("names no hash", (await Assert.ThrowsAsync<HubException>(() => client.GetAsync(HubReference.Parse("hf:owner/name")))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_given_hash_must_be_the_files_own()
    {
        using HubClient client = Client();
        HubReference file = HubReference.Parse("hf:owner/name/model.safetensors");
        Assert.Contains("was asked for", (await Assert.ThrowsAsync<HubException>(() => client.FetchAsync(file, new string('0', 64)))).Message,
            StringComparison.Ordinal);
        Assert.Equal(Path.Combine(Snapshot, "model.safetensors"), (await client.FetchAsync(file, LoopbackHub.Sha256(s_weights))).Path);
    }

    [Fact]
    public async Task Two_that_fetch_the_same_at_once_fetch_it_once()
    {
        _hub.Twist = (asked, answer) => IsStored(asked) ? answer with { Wait = TimeSpan.FromMilliseconds(200) } : answer;
        using HubClient one = Client(), two = Client();
        HubModel[] models = await Task.WhenAll(one.GetAsync(HubReference.Parse("hf:owner/name")), two.GetAsync(HubReference.Parse("hf:owner/name")));
        Assert.Equal(models[0].Path, models[1].Path);
        Assert.Single(_hub.Storage.Requests);
    }

    [Fact]
    public async Task A_cancelled_download_leaves_what_is_here_and_goes_on_from_there()
    {
        using CancellationTokenSource stop = new();
        _hub.Twist = (asked, answer) => IsStored(asked) && asked.From == 0 ? answer with { StopAfter = 150_000, Hang = TimeSpan.FromSeconds(20) } : answer;
        using HubClient client = Client();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetAsync(HubReference.Parse("hf:owner/name"), new Sync(p =>
        {
            if (p.File == "model.safetensors" && p.Bytes >= 150_000)
            {
                stop.Cancel();
            }
        }), stop.Token));
        Assert.Null(client.Find(HubReference.Parse("hf:owner/name")));
        await client.GetAsync(HubReference.Parse("hf:owner/name"));
        Assert.Equal([0L, 150_000], _hub.Storage.Requests.Select(asked => asked.From));
    }

    [Fact]
    public async Task Progress_ends_at_all_bytes_that_were_announced()
    {
        List<HubProgress> said = [];
        using HubClient client = Client();
        await client.GetAsync(HubReference.Parse("hf:owner/name"), new Sync(said.Add));
        Assert.Equal(said[^1].Total, said[^1].Bytes);
        Assert.All(said, progress => Assert.Equal(said[0].Total, progress.Total));
        Assert.Equal("model.safetensors", said[^1].File); // The weights last: where they are, the rest is.
    }

    private static bool IsStored(Asked asked) => asked.Path.StartsWith("/model.safetensors", StringComparison.Ordinal);

    private HubClient Client(Func<HubOptions, HubOptions>? change = null)
    {
        HubOptions options = new()
        {
            Endpoint = _hub.Server.Address,
            CacheFolder = _cache,
            Timeout = TimeSpan.FromSeconds(10),
            Attempts = 3,
            Pause = (pause, _) =>
            {
                _pauses.Add(pause);
                return Task.CompletedTask;
            },
        };
        return new(change?.Invoke(options) ?? options);
    }

    private sealed class Sync(Action<HubProgress> report) : IProgress<HubProgress>
    {
        public void Report(HubProgress value) => report(value);
    }
}
