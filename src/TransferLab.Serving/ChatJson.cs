using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace TransferLab.Serving;

/// <summary>Answers as the API's JSON, whole and in chunks.</summary>
internal static class ChatJson
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Bytes(Action<Utf8JsonWriter> write)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, s_options))
        {
            write(json);
        }

        return stream.ToArray();
    }

    /// <summary>A whole answer.</summary>
    public static byte[] Completion(ChatHead head, ChatResponse response) => Bytes(json =>
    {
        Begin(json, head, "chat.completion");
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        FunctionCallContent[] calls = [.. response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>()];
        json.WriteString("content", response.Text.Length == 0 && calls.Length > 0 ? null : response.Text);
        json.WriteNull("refusal");
        Calls(json, calls, indexed: false);
        json.WriteEndObject();
        json.WriteNull("logprobs");
        json.WriteString("finish_reason", Reason(response.FinishReason));
        json.WriteEndObject();
        json.WriteEndArray();
        Usage(json, response.Usage);
        json.WriteEndObject();
    });

    /// <summary>A piece of a streamed answer.</summary>
    /// <param name="head">What all pieces have in common.</param>
    /// <param name="role">Whether it is the first, which names the role.</param>
    /// <param name="text">New text.</param>
    /// <param name="calls">Calls of tools.</param>
    /// <param name="reason">Why the answer ended; null until it has.</param>
    /// <param name="includesUsage">Whether a later piece tells the tokens, so that this one says it has none.</param>
    public static byte[] Chunk(ChatHead head, bool role, string? text, FunctionCallContent[] calls, ChatFinishReason? reason, bool includesUsage) =>
        Bytes(json =>
    {
        Begin(json, head, "chat.completion.chunk");
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        json.WriteStartObject("delta");
        if (role)
        {
            json.WriteString("role", "assistant");
        }

        if (text is not null)
        {
            json.WriteString("content", text);
        }

        Calls(json, calls, indexed: true);
        json.WriteEndObject();
        json.WriteNull("logprobs");
        json.WriteString("finish_reason", reason is null ? null : Reason(reason));
        json.WriteEndObject();
        json.WriteEndArray();
        if (includesUsage)
        {
            json.WriteNull("usage");
        }

        json.WriteEndObject();
    });

    /// <summary>The piece that tells the tokens.</summary>
    public static byte[] UsageChunk(ChatHead head, UsageDetails? usage) => Bytes(json =>
    {
        Begin(json, head, "chat.completion.chunk");
        json.WriteStartArray("choices");
        json.WriteEndArray();
        Usage(json, usage);
        json.WriteEndObject();
    });

    private static void Begin(Utf8JsonWriter json, ChatHead head, string kind)
    {
        json.WriteStartObject();
        json.WriteString("id", head.Id);
        json.WriteString("object", kind);
        json.WriteNumber("created", head.Created);
        json.WriteString("model", head.Model);
    }

    private static void Calls(Utf8JsonWriter json, FunctionCallContent[] calls, bool indexed)
    {
        if (calls.Length == 0)
        {
            return;
        }

        json.WriteStartArray("tool_calls");
        foreach ((FunctionCallContent call, int i) in calls.Select((call, i) => (call, i)))
        {
            json.WriteStartObject();
            if (indexed)
            {
                json.WriteNumber("index", i);
            }

            json.WriteString("id", call.CallId);
            json.WriteString("type", "function");
            json.WriteStartObject("function");
            json.WriteString("name", call.Name);
            json.WriteString("arguments", JsonSerializer.Serialize(call.Arguments ?? new Dictionary<string, object?>(), AIJsonUtilities.DefaultOptions));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Usage(Utf8JsonWriter json, UsageDetails? usage)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", usage?.InputTokenCount ?? 0);
        json.WriteNumber("completion_tokens", usage?.OutputTokenCount ?? 0);
        json.WriteNumber("total_tokens", usage?.TotalTokenCount ?? 0);
        json.WriteEndObject();
    }

    private static string Reason(ChatFinishReason? reason) => reason?.Value ?? ChatFinishReason.Stop.Value;
}
