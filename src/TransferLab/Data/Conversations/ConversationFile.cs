using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using TransferLab.Runtime;

namespace TransferLab.Data;

/// <summary>Conversations in files.</summary>
public static class ConversationFile
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // What every reader needs, and no host's wishes.
    internal static readonly ChatHost Any = new() { Name = "any", Source = "what a conversation is", Ignored = QuestionFile.Extras };

    /// <summary>
    /// Reads <c>messages</c>, <c>prompt</c>/<c>completion</c>, <c>instruction</c>/<c>input</c>/<c>output</c> and ShareGPT rows of a .jsonl or .ndjson file, or
    /// of the array that a .json file is. Reading is strict: nothing is guessed and nothing left out.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <returns>The conversations, each with its line.</returns>
    /// <exception cref="DataException">The file or a row cannot be used; the message tells the line, the JSON path, the reason and what mends it.</exception>
    public static IReadOnlyList<Conversation> Read(string path)
    {
        ChatFile file = ChatFile.Read(path, Any);
        ChatFinding[] faults = [.. file.Findings.Concat(file.Rows.SelectMany(row => row.Findings)).Where(finding => finding.IsFault)
            .OrderBy(finding => finding.Line)];
        if (faults.Length > 0)
        {
            string more = faults.Length == 1 ? "" : $" ({Naming.Count(faults.Length - 1, "more fault", "more faults")} in the file.)";
            throw new DataException($"{path}, {faults[0]}{more}");
        }

        return file.Rows.Count > 0
            ? [.. file.Rows.Select(row => row.Conversation!)]
            : throw new DataException($"{path} has no rows; write one conversation a line.");
    }

    /// <summary>Writes conversations as <c>messages</c>, one JSON object a line, in UTF-8; whole or not at all.</summary>
    /// <exception cref="IOException">The place cannot be written to.</exception>
    public static void Write(string path, IEnumerable<Conversation> conversations) => WholeFile.Write(path, stream =>
    {
        ArrayBufferWriter<byte> line = new();
        using Utf8JsonWriter json = new(line, s_options);
        foreach (Conversation conversation in conversations)
        {
            json.Reset();
            Write(json, conversation);
            json.Flush();
            stream.Write(line.WrittenSpan);
            stream.WriteByte((byte)'\n');
            line.Clear();
        }
    });

    /// <summary>The turns with an id for every call, which hosts ask for and older files do not have, and with it for its answer.</summary>
    private static IEnumerable<Turn> Identified(IReadOnlyList<Turn> turns)
    {
        int number = 0;
        Queue<string> given = [];
        foreach (Turn turn in turns)
        {
            ToolCall[] calls = [.. turn.ToolCalls.Select(call => call.Id is null ? call with { Id = $"call_{++number}" } : call)];
            foreach ((ToolCall before, ToolCall after) in turn.ToolCalls.Zip(calls).Where(pair => pair.First.Id is null))
            {
                given.Enqueue(after.Id!);
            }

            yield return turn.Role == Role.Tool && turn.ToolCallId is null && given.TryDequeue(out string? id) ? turn with { ToolCallId = id }
                : calls.Length > 0 ? turn with { ToolCalls = calls } : turn;
        }
    }

    private static void Write(Utf8JsonWriter json, Conversation conversation)
    {
        json.WriteStartObject();
        json.WriteStartArray("messages");
        foreach (Turn turn in Identified(conversation.Turns))
        {
            Write(json, turn);
        }

        json.WriteEndArray();
        if (conversation.Tools is { } tools)
        {
            using JsonDocument document = JsonDocument.Parse(tools);
            json.WritePropertyName("tools");
            document.RootElement.WriteTo(json); // On one line, whatever it was written on.
        }

        if (conversation.ParallelToolCalls is { } parallel)
        {
            json.WriteBoolean("parallel_tool_calls", parallel);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Turn turn)
    {
        json.WriteStartObject();
        json.WriteString("role", turn.Role.ToString().ToLowerInvariant());
        if (turn.Name is { } name)
        {
            json.WriteString("name", name);
        }

        if (turn.Content.Length > 0 || turn.ToolCalls.Count == 0)
        {
            json.WriteString("content", turn.Content);
        }

        if (turn.ToolCalls.Count > 0)
        {
            json.WriteStartArray("tool_calls");
            foreach (ToolCall call in turn.ToolCalls)
            {
                Write(json, call);
            }

            json.WriteEndArray();
        }

        if (turn.ToolCallId is { } id)
        {
            json.WriteString("tool_call_id", id);
        }

        if (turn is { Role: Role.Assistant, Weight: not 1 })
        {
            json.WriteNumber("weight", turn.Weight);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ToolCall call)
    {
        json.WriteStartObject();
        if (call.Id is { } id)
        {
            json.WriteString("id", id);
        }

        json.WriteString("type", "function");
        json.WriteStartObject("function");
        json.WriteString("name", call.Name);
        json.WriteString("arguments", call.Arguments);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
