using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace TransferLab.Serving;

/// <summary><c>/v1/chat/completions</c>: answers one after another, and lets a bounded number of requests wait.</summary>
internal sealed class ChatEndpoint(IChatClient client, string model, ChatServerOptions options, ServerMetrics metrics)
{
    private int _present;

    public async Task AnswerAsync(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
        {
            throw new ApiError(StatusCodes.Status415UnsupportedMediaType, "The body has to be of type application/json.", Code: "unsupported_media_type")
                .AsException();
        }

        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
        ChatRequest request = ChatRequestReader.Read(body.GetBuffer().AsMemory(0, (int)body.Length), model);
        try
        {
            metrics.Present = Interlocked.Increment(ref _present);
            if (metrics.Present > options.MostWaiting + 1)
            {
                throw new ApiError(StatusCodes.Status429TooManyRequests, $"{options.MostWaiting} requests wait already; try again later.", "requests",
                    Code: "rate_limit_exceeded").AsException();
            }

            await (request.Streams ? StreamAsync(context, request) : WholeAsync(context, request)).ConfigureAwait(false);
        }
        finally
        {
            metrics.Present = Interlocked.Decrement(ref _present);
        }
    }

    private async Task WholeAsync(HttpContext context, ChatRequest request)
    {
        long start = Stopwatch.GetTimestamp();
        ChatResponse response = await client.GetResponseAsync(request.Messages, request.Options, context.RequestAborted).ConfigureAwait(false);
        byte[] body = ChatJson.Completion(Head(response.ResponseId), response);
        metrics.Completed(Stopwatch.GetElapsedTime(start), null, response.Usage);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
    }

    private async Task StreamAsync(HttpContext context, ChatRequest request)
    {
        long start = Stopwatch.GetTimestamp();
        (TimeSpan? first, ChatHead? head, UsageDetails? usage) = (null, null, null);
        // The status goes out with the first piece: what is refused before has one of its own.
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync(request.Messages, request.Options, context.RequestAborted)
            .ConfigureAwait(false))
        {
            first ??= Stopwatch.GetElapsedTime(start);
            bool isFirst = head is null;
            if (head is null)
            {
                head = Head(update.ResponseId);
                ServerSentEvents.Begin(context);
            }

            usage = update.Contents.OfType<UsageContent>().LastOrDefault()?.Details ?? usage;
            FunctionCallContent[] calls = [.. update.Contents.OfType<FunctionCallContent>()];
            string? text = update.Text.Length > 0 ? update.Text : isFirst && calls.Length == 0 ? "" : null;
            if (text is not null || calls.Length > 0)
            {
                await ServerSentEvents.WriteAsync(context, ChatJson.Chunk(head, isFirst, text, calls, null, request.IncludesUsage)).ConfigureAwait(false);
            }

            if (update.FinishReason is { } reason)
            {
                await ServerSentEvents.WriteAsync(context, ChatJson.Chunk(head, role: false, null, [], reason, request.IncludesUsage)).ConfigureAwait(false);
            }
        }

        if (request.IncludesUsage)
        {
            await ServerSentEvents.WriteAsync(context, ChatJson.UsageChunk(head ?? Head(null), usage)).ConfigureAwait(false);
        }

        metrics.Completed(Stopwatch.GetElapsedTime(start), first, usage);
        await ServerSentEvents.WriteAsync(context, ServerSentEvents.Done).ConfigureAwait(false);
    }

    private ChatHead Head(string? id) => new(id ?? $"chatcmpl-{Guid.NewGuid():N}", DateTimeOffset.UtcNow.ToUnixTimeSeconds(), model);
}
