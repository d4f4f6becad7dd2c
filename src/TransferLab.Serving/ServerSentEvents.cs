using Microsoft.AspNetCore.Http;

namespace TransferLab.Serving;

/// <summary>An answer as server-sent events, each a line of data.</summary>
internal static class ServerSentEvents
{
    private static readonly byte[] s_data = "data: "u8.ToArray(), s_end = "\n\n"u8.ToArray();

    /// <summary>The last event of a whole answer.</summary>
    public static ReadOnlyMemory<byte> Done { get; } = "[DONE]"u8.ToArray();

    public static void Begin(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Response.Headers.CacheControl = "no-cache";
    }

    /// <summary>Writes an event and sends it off.</summary>
    public static async Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> data)
    {
        await context.Response.Body.WriteAsync((byte[])[.. s_data, .. data.Span, .. s_end], context.RequestAborted).ConfigureAwait(false);
        await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }
}
