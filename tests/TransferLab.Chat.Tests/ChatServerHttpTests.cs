using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using TransferLab.Serving;

namespace TransferLab.Chat.Tests;

/// <summary>The server below the official client: what that would never send, and what it does not read.</summary>
public sealed class ChatServerHttpTests(TinyModel tiny) : IClassFixture<TinyModel>, IAsyncLifetime
{
    private const string Hello = """{"role":"user","content":"Hello"}""";
    private readonly HttpClient _http = new();
    private LanguageModelChatClient _client = null!;
    private ChatServer _server = null!;

    public async Task InitializeAsync()
    {
        _client = new(tiny.Open(), new() { MaxTokens = 3 });
        _server = await ChatServer.StartAsync(_client, new() { Port = 0, MostBodyBytes = 4096 });
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _client.Dispose();
        _http.Dispose();
    }

    [Theory]
    [InlineData("""{"model":"tiny","messages":[HELLO""", 400, "", "line 1")]
    [InlineData("[]", 400, "", "no object")]
    [InlineData("{}", 400, "model", "missing")]
    [InlineData("""{"model":"tiny"}""", 400, "messages", "missing")]
    [InlineData("""{"model":"tiny","messages":[]}""", 400, "messages", "empty")]
    [InlineData("""{"model":"tiny","messages":"Hello"}""", 400, "messages", "has to be an array")]
    [InlineData("""{"model":7,"messages":[HELLO]}""", 400, "model", "has to be a string")]
    [InlineData("""{"model":"tiny","messages":[{"role":"critic","content":"x"}]}""", 400, "messages[0].role", "'critic'")]
    [InlineData("""{"model":"tiny","messages":[{"role":"user"}]}""", 400, "messages[0].content", "missing")]
    [InlineData("""{"model":"tiny","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"x"}}]}]}""", 400, "messages[0].content[0]",
        "text alone")]
    [InlineData("""{"model":"tiny","messages":[{"role":"user","content":"\ud800"}]}""", 400, "messages[0].content", "surrogate")]
    [InlineData("""{"model":"tiny","messages":[{"role":"user","content":"x","mood":"good"}]}""", 400, "messages[0].mood", "not known")]
    [InlineData("""{"model":"tiny","messages":[{"role":"tool","content":"x"}]}""", 400, "messages[0].tool_call_id", "missing")]
    [InlineData("""{"model":"tiny","messages":[HELLO],"n":2}""", 400, "n", "one answer")]
    [InlineData("""{"model":"tiny","messages":[HELLO],"temperature":3}""", 400, "temperature", "0 to 2")]
    [InlineData("""{"model":"tiny","messages":[HELLO],"temperature":1e999}""", 400, "temperature", "it has to be")]
    [InlineData("""{"model":"tiny","messages":[HELLO],"max_tokens":0}""", 400, "max_tokens", "from 1 to")]
    [InlineData("""{"model":"tiny","messages":[HELLO],"max_tokens":1,"max_completion_tokens":2}""", 400, "max_tokens", "differ")]
    [InlineData("""{"model":"tiny","messages":[HELLO],"stop":[""]}""", 400, "stop", "empty")]
    [InlineData("""{"model":"tiny","messages":[HELLO],"logprobs":true}""", 400, "logprobs", "not given")]
    [InlineData("""{"model":"tiny","messages":[HELLO],"response_format":{"type":"json_object"}}""", 400, "response_format", "plain text")]
    [InlineData("""{"model":"tiny","messages":[HELLO],"stream_options":{"include_usage":true}}""", 400, "stream_options", "streamed answers")]
    [InlineData("""{"model":"tiny","messages":[HELLO],"stream":"yes"}""", 400, "stream", "true or false")]
    [InlineData("""{"model":"tiny","messages":[HELLO],"frobnicate":1}""", 400, "frobnicate", "not known")]
    [InlineData("""{"model":"tiny","messages":[HELLO],"tools":[{"type":"function","function":{"name":"f"}}]}""", 400, null, "knows no tools")]
    public async Task A_wrong_request_gets_the_apis_error(string body, int status, string? parameter, string says)
    {
        using HttpResponseMessage response = await PostAsync(body.Replace("HELLO", Hello, StringComparison.Ordinal));
        await AssertErrorAsync(response, status, parameter, says);
    }

    [Fact]
    public async Task So_do_wrong_places_types_and_sizes()
    {
        await AssertErrorAsync(await _http.GetAsync(At("/v1/embeddings")), 404, null, "There is no GET /v1/embeddings");
        await AssertErrorAsync(await _http.GetAsync(At("/v1/chat/completions")), 405, null, "'POST' is allowed");
        await AssertErrorAsync(await PostAsync("{}", "text/plain"), 415, null, "application/json");
        await AssertErrorAsync(await PostAsync(new string(' ', 5000)), 413, null, "4,096 bytes");
        using HttpRequestMessage elsewhere = new(HttpMethod.Get, At("/v1/models")) { Headers = { Host = "evil.example" } };
        await AssertErrorAsync(await _http.SendAsync(elsewhere), 403, null, "name this machine");
    }

    [Fact]
    public async Task Values_at_the_bounds_and_without_effect_are_taken()
    {
        string body =
            $$"""{"model":"tiny","messages":[{"role":"user","content":null,"content":"Hello","tool_calls":[]}],"n":1,"temperature":0,"top_p":0,"top_k":0,"seed":-9007199254740993,"stop":null,"max_tokens":2,"max_completion_tokens":2,"logprobs":false,"logit_bias":{},"user":"me","store":false,"tool_choice":"none","response_format":{"type":"text"},"stream":false}""";
        using HttpResponseMessage response = await PostAsync(body);
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        using var json = JsonDocument.Parse(text);
        Assert.Equal(2, json.RootElement.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task A_stream_is_events_and_its_tokens_come_only_when_asked_for()
    {
        foreach (bool includes in new[] { false, true })
        {
            string body = $$"""{"model":"tiny","messages":[{{Hello}}],"stream":true{{(includes ? ",\"stream_options\":{\"include_usage\":true}" : "")}}}""";
            using HttpResponseMessage response = await PostAsync(body);
            Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
            string[] events = (await response.Content.ReadAsStringAsync()).TrimEnd('\n').Split("\n\n");
            Assert.All(events, line => Assert.StartsWith("data: ", line, StringComparison.Ordinal));
            Assert.Equal("data: [DONE]", events[^1]);
            JsonElement[] chunks = [.. events[..^1].Select(line => JsonDocument.Parse(line[6..]).RootElement)];
            Assert.Equal("assistant", chunks[0].GetProperty("choices")[0].GetProperty("delta").GetProperty("role").GetString());
            Assert.Equal("length", chunks[includes ? ^2 : ^1].GetProperty("choices")[0].GetProperty("finish_reason").GetString());
            Assert.Equal(includes, chunks[^1].TryGetProperty("usage", out JsonElement usage) && usage.GetProperty("completion_tokens").GetInt32() == 3);
            Assert.Equal(includes, chunks[0].TryGetProperty("usage", out usage) && usage.ValueKind == JsonValueKind.Null);
        }
    }

    [Fact]
    public async Task What_happened_is_counted()
    {
        using HttpResponseMessage one = await PostAsync($$"""{"model":"tiny","messages":[{{Hello}}]}"""),
            two = await PostAsync($$"""{"model":"tiny","messages":[{{Hello}}],"stream":true}"""), wrong = await PostAsync("{}");
        await two.Content.ReadAsStringAsync();
        string[] lines = (await _http.GetStringAsync(At("/metrics"))).Split('\n');
        Assert.Contains("transferlab_requests_total{route=\"/v1/chat/completions\",status=\"200\"} 2", lines);
        Assert.Contains("transferlab_requests_total{route=\"/v1/chat/completions\",status=\"400\"} 1", lines);
        Assert.Contains("transferlab_request_errors_total 1", lines);
        Assert.Contains("transferlab_completion_tokens_total 6", lines);
        Assert.Contains("transferlab_answer_seconds_count 2", lines);
        Assert.Contains("transferlab_first_piece_seconds_bucket{le=\"+Inf\"} 1", lines);
        Assert.Equal("""{"status":"ok"}""", await _http.GetStringAsync(At("/health")));
    }

    [Fact]
    public async Task A_key_is_asked_for_everywhere_but_for_health_and_other_addresses_need_one()
    {
        ArgumentException refused =
            await Assert.ThrowsAsync<ArgumentException>(() => ChatServer.StartAsync(_client, new() { Address = IPAddress.Any, Port = 0 }));
        Assert.Contains("needs a key", refused.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new ChatServerOptions { ApiKey = "short" });
        Assert.Throws<ArgumentException>(() => new ChatServerOptions { Port = 65_536 });

        await using ChatServer server = await ChatServer.StartAsync(_client, new() { Port = 0, ApiKey = "a-long-secret" });
        Uri models = new(server.Endpoint, "/v1/models");
        await AssertErrorAsync(await _http.GetAsync(models), 401, null, "no key");
        await AssertErrorAsync(await SendWithKeyAsync(models, "a-long-secreT"), 401, null, "not the server's");
        Assert.Equal(HttpStatusCode.OK, (await SendWithKeyAsync(models, "a-long-secret")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync(new Uri(server.Endpoint, "/health"))).StatusCode);
        IOException taken = await Assert.ThrowsAsync<IOException>(() => ChatServer.StartAsync(_client, new() { Port = server.Endpoint.Port }));
        Assert.Contains("address already in use", taken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_than_may_wait_are_sent_away()
    {
        TaskCompletionSource gate = new();
        int faults = 0;
        using Waiting waiting = new(gate.Task);
        await using ChatServer server = await ChatServer.StartAsync(waiting, new() { Port = 0, MostWaiting = 1 }, _ => Interlocked.Increment(ref faults));
        Uri chat = new(server.Endpoint, "/v1/chat/completions");
        string body = $$"""{"model":"model","messages":[{{Hello}}]}""";
        Task<HttpResponseMessage>[] first = [SendAsync(), SendAsync()];
        while (waiting.Calls < 2)
        {
            await Task.Delay(5);
        }

        using HttpResponseMessage third = await SendAsync();
        await AssertErrorAsync(third, 429, null, "1 requests wait");
        Assert.Equal(TimeSpan.FromSeconds(1), third.Headers.RetryAfter!.Delta);
        gate.SetResult();
        Assert.All(await Task.WhenAll(first), response => Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode));
        Assert.Equal(2, faults); // The server's own fault is told to whoever runs it, not to the client.

        Task<HttpResponseMessage> SendAsync() => _http.PostAsync(chat, new StringContent(body, Encoding.UTF8, "application/json"));
    }

    private static async Task AssertErrorAsync(HttpResponseMessage response, int status, string? parameter, string says)
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(status == (int)response.StatusCode, $"{response.StatusCode}: {text}");
        using var json = JsonDocument.Parse(text);
        JsonElement error = json.RootElement.GetProperty("error");
        Assert.Contains(says, error.GetProperty("message").GetString()!, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.GetProperty("message").GetString()!);
        Assert.Equal(string.IsNullOrEmpty(parameter) ? null : parameter, error.GetProperty("param").GetString());
        Assert.NotNull(error.GetProperty("type").GetString());
        Assert.True(error.TryGetProperty("code", out _));
    }

    private Task<HttpResponseMessage> PostAsync(string body, string type = "application/json") =>
        _http.PostAsync(At("/v1/chat/completions"), new StringContent(body, Encoding.UTF8, type));

    private Task<HttpResponseMessage> SendWithKeyAsync(Uri address, string key) =>
        _http.SendAsync(new(HttpMethod.Get, address) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", key) } });

    private Uri At(string path) => new(_server.Endpoint, path);

    /// <summary>A client of somebody else's, which waits and then fails.</summary>
    private sealed class Waiting(Task gate) : IChatClient
    {
        private int _calls;

        public int Calls => _calls;

        public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken =
            default)
        {
            Interlocked.Increment(ref _calls);
            await gate;
            throw new InvalidOperationException("a fault");
        }

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null,
            CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
