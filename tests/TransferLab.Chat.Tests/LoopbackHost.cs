using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace TransferLab.Chat.Tests;

/// <summary>
/// A host on this machine, under OpenAI's API, over real HTTP. It answers with the last age that it can read in what it is sent, and misbehaves as it is told:
/// the next requests of a kind get what stands in its queue.
/// </summary>
internal sealed partial class LoopbackHost : IAsyncDisposable
{
    public const string Key = "sk-loopback-0123456789abcdef";
    private const string ToJudge = "Answer to judge:";
    private readonly WebApplication _app;
    private int _polls;

    private LoopbackHost(WebApplication app) => _app = app;

    /// <summary>Its address, with the version.</summary>
    public Uri Endpoint => new(_app.Urls.First() + "/v1");

    /// <summary>The bodies of requests for answers.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    /// <summary>What the next requests for answers get instead of one.</summary>
    public ConcurrentQueue<Func<HttpContext, Task>> Faults { get; } = [];

    /// <summary>What the next requests to begin a job get instead; it is begun all the same where <see cref="BeginsAnyway"/> says so.</summary>
    public ConcurrentQueue<Func<HttpContext, Task>> JobFaults { get; } = [];

    public bool BeginsAnyway { get; set; }

    /// <summary>What a model that was tuned here answers; null where it answers like any other.</summary>
    public string? TunedAnswer { get; set; }

    /// <summary>The bodies of requests to begin a job.</summary>
    public ConcurrentQueue<string> Jobs { get; } = [];

    /// <summary>Files that were sent, whole with their frames.</summary>
    public ConcurrentQueue<string> Files { get; } = [];

    /// <summary>What becomes of a job, look by look; the last stays.</summary>
    public IReadOnlyList<string> Statuses { get; set; } = ["validating_files", "running", "succeeded"];

    /// <summary>How many requests came without the key.</summary>
    public int Strangers { get; private set; }

    public static async Task<LoopbackHost> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        LoopbackHost host = new(app);
        app.Use(async (context, next) =>
        {
            host.Strangers += context.Request.Headers.Authorization == $"Bearer {Key}" ? 0 : 1;
            await next();
        });
        app.MapPost("/v1/chat/completions", host.AnswerAsync);
        app.MapPost("/v1/files", async (HttpContext context) =>
        {
            host.Files.Enqueue(await BodyAsync(context));
            await WriteAsync(context, 200,
                """{"id":"file-7","object":"file","bytes":10,"created_at":1,"filename":"train.jsonl","purpose":"fine-tune","status":"processed"}""");
        });
        app.MapPost("/v1/fine_tuning/jobs", host.BeginAsync);
        app.MapGet("/v1/fine_tuning/jobs", context =>
            WriteAsync(context, 200, $$"""{"object":"list","data":[{{(host.Jobs.IsEmpty ? "" : host.Job(look: false))}}],"has_more":false}"""));
        app.MapGet("/v1/fine_tuning/jobs/ftjob-1", context => WriteAsync(context, 200, host.Job(look: true)));
        app.MapGet("/v1/fine_tuning/jobs/ftjob-1/events", context => WriteAsync(context, 200,
            """{"object":"list","data":[{"id":"e2","created_at":2,"level":"info","message":"Step 2/2: training loss=0.50"},{"id":"e1","created_at":1,"level":"info","message":"Step 1/2: training loss=1.50"}]}"""));
        app.MapPost("/v1/fine_tuning/jobs/ftjob-1/cancel", context =>
        {
            host.Statuses = ["cancelled"];
            return WriteAsync(context, 200, host.Job(look: false));
        });
        await app.StartAsync();
        return host;
    }

    /// <summary>An error in OpenAI's form.</summary>
    public static Func<HttpContext, Task> Error(int status, string message, string code = "", string? retryAfter = null) => context =>
    {
        if (retryAfter is not null)
        {
            context.Response.Headers.RetryAfter = retryAfter;
        }

        return WriteAsync(context, status, JsonSerializer.Serialize(new { error = new { message, code, type = "x" } }));
    };

    /// <summary>A stream that breaks off: the connection is cut within the answer.</summary>
    public static async Task BreakAsync(HttpContext context)
    {
        await StreamAsync(context, "half of an ans", ends: false);
        await context.Response.Body.FlushAsync();
        context.Abort();
    }

    /// <summary>A stream that ends orderly before the answer does.</summary>
    public static Task EndEarlyAsync(HttpContext context) => StreamAsync(context, "half of an ans", ends: false);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static async Task<string> BodyAsync(HttpContext context)
    {
        using StreamReader reader = new(context.Request.Body, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }

    private static Task WriteAsync(HttpContext context, int status, string json)
    {
        (context.Response.StatusCode, context.Response.ContentType) = (status, "application/json");
        return context.Response.WriteAsync(json);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        string body = await BodyAsync(context);
        Asked.Enqueue(body);
        if (Faults.TryDequeue(out Func<HttpContext, Task>? fault))
        {
            await fault(context);
            return;
        }

        using var json = JsonDocument.Parse(body);
        string told = string.Join('\n', json.RootElement.GetProperty("messages").EnumerateArray().Select(message => Content(message.GetProperty("content"))));
        MatchCollection ages = Age().Matches(told);
        bool isTuned = json.RootElement.GetProperty("model").GetString()!.StartsWith("ft:", StringComparison.Ordinal);
        await StreamAsync(context, told.Contains(ToJudge, StringComparison.Ordinal)
            ? Verdict(told)
            : isTuned && TunedAnswer is not null
            ? TunedAnswer
            : ages.Count == 0
            ? "I do not know."
            : $"It is {ages[^1].Value}.", ends: true);
    }

    /// <summary>As a judge it says yes where the answer holds a right one, and nothing of use of an answer that knows nothing.</summary>
    private static string Verdict(string told)
    {
        string answer = told[(told.IndexOf(ToJudge, StringComparison.Ordinal) + ToJudge.Length)..];
        string right = Age().Match(told[..^answer.Length]).Value;
        return answer.Contains("do not know", StringComparison.Ordinal) ? "Hard to say."
            : answer.Contains(right, StringComparison.Ordinal) ? "**Yes**, it does." : "No.";
    }

    private static string Content(JsonElement content) =>
        content.ValueKind == JsonValueKind.String
            ? content.GetString()!
            : string.Concat(content.EnumerateArray().Select(part => part.GetProperty("text").GetString()));

    private static async Task StreamAsync(HttpContext context, string answer, bool ends)
    {
        context.Response.ContentType = "text/event-stream";
        foreach (string piece in answer.Split(' ').Select((word, i) => i == 0 ? word : " " + word))
        {
            await SendAsync(new { content = piece }, null);
        }

        if (ends)
        {
            await SendAsync(new { }, "stop");
            await context.Response.WriteAsync(
                """data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"usage":{"prompt_tokens":11,"completion_tokens":5,"total_tokens":16}}""" + "\n\n");
            await context.Response.WriteAsync("data: [DONE]\n\n");
        }

        Task SendAsync(object delta, string? finish) => context.Response.WriteAsync(
            $"data: {JsonSerializer.Serialize(new { id = "c1", @object = "chat.completion.chunk", created = 1, model = "m", choices = new[] { new { index = 0, delta, finish_reason = finish } } })}\n\n");
    }

    private async Task BeginAsync(HttpContext context)
    {
        string body = await BodyAsync(context);
        bool fails = JobFaults.TryDequeue(out Func<HttpContext, Task>? fault);
        if (!fails || BeginsAnyway)
        {
            Jobs.Enqueue(body);
        }

        await (fails ? fault!(context) : WriteAsync(context, 200, Job(look: false)));
    }

    private string Job(bool look)
    {
        string status = Statuses[Math.Min(look ? _polls++ : 0, Statuses.Count - 1)];
        return JsonSerializer.Serialize(new Dictionary<string, object?>
        {
            ["id"] = "ftjob-1",
            ["object"] = "fine_tuning.job",
            ["created_at"] = 1,
            ["model"] = "small-1",
            ["training_file"] = "file-7",
            ["status"] = status,
            ["fine_tuned_model"] = status == "succeeded" ? "ft:small-1:me" : null,
            ["trained_tokens"] = status == "succeeded" ? 1234 : null,
            ["error"] = status == "failed"
                ? new { code = "invalid_training_file", message = "The job failed:\nrow 3 is\nunsafe.", param = "training_file" }
                : new { },
        });
    }

    [GeneratedRegex("""\b1\d\d\b""")]
    private static partial Regex Age();
}
