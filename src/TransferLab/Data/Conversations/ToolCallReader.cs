using System.Text.Json;

namespace TransferLab.Data;

/// <summary>Reads <c>tool_calls</c> of a message, and the <c>function_call</c> that they replaced.</summary>
internal static class ToolCallReader
{
    /// <summary>The calls of a message; null where they are beyond reading.</summary>
    public static IReadOnlyList<ToolCall>? Read(ChatRowContext row, string path, JsonElement item, Role role)
    {
        List<ToolCall> calls = [];
        bool whole = true;
        if (item.TryGetProperty("tool_calls", out JsonElement many) && many.ValueKind != JsonValueKind.Null)
        {
            if (many.ValueKind != JsonValueKind.Array)
            {
                row.Fault($"{path}.tool_calls", "wrong-type", $"{ChatRowContext.Kind(many)} where an array of calls is expected", "write an array");
                return null;
            }

            int i = 0;
            foreach (JsonElement call in many.EnumerateArray())
            {
                whole &= Add(calls, Call(row, $"{path}.tool_calls[{i++}]", call));
            }
        }

        if (item.TryGetProperty("function_call", out JsonElement one) && one.ValueKind != JsonValueKind.Null)
        {
            row.Warn($"{path}.function_call", "deprecated", "'function_call' is deprecated", "write 'tool_calls'", "written as tool_calls");
            whole &= Add(calls, Function(row, $"{path}.function_call", one, id: null));
        }

        if (calls.Count > 0 && role != Role.Assistant)
        {
            row.Fault($"{path}.tool_calls", "call-not-by-assistant", $"a turn of the {role.ToString().ToLowerInvariant()} calls a tool",
                "give it to the assistant, or remove the calls");
        }

        return !whole ? null : calls.Count == 0 ? Array.Empty<ToolCall>() : calls; // One empty list for all, so that equal turns are equal.
    }

    /// <summary>
    /// The calls that ShareGPT writes as a turn of their own, <c>function_call</c>: the text of an object with name and arguments, or of an array of such. Null
    /// where it is beyond reading.
    /// </summary>
    public static IReadOnlyList<ToolCall>? ReadText(ChatRowContext row, string path, string text)
    {
        List<ToolCall> calls = [];
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement[] items = document.RootElement.ValueKind == JsonValueKind.Array ? [.. document.RootElement.EnumerateArray()] : [document.RootElement];
            if (items.Length > 0)
            {
                return items.Aggregate(true, (whole, item) => Add(calls, Function(row, path, item, id: null, isText: true)) && whole) ? calls : null;
            }
        }
        catch (JsonException)
        {
            // Said below.
        }

        row.Fault(path, "bad-call", $"the call is not the text of a JSON object: '{ChatRowContext.Short(text)}'",
            "write {\"name\": ..., \"arguments\": {...}}");
        return null;
    }

    private static bool Add(List<ToolCall> calls, ToolCall? call)
    {
        if (call is not null)
        {
            calls.Add(call);
        }

        return call is not null;
    }

    private static ToolCall? Call(ChatRowContext row, string path, JsonElement call)
    {
        if (call.ValueKind != JsonValueKind.Object)
        {
            row.Fault(path, "wrong-type", $"{ChatRowContext.Kind(call)} where a call is expected", "write an object with id, type and function");
            return null;
        }

        // Templates also take the function's members without the frame around them.
        if (!call.TryGetProperty("function", out JsonElement function))
        {
            return Function(row, path, call, Id(row, path, call));
        }

        row.Keys(path, call, "id", "type", "function");
        return Function(row, $"{path}.function", function, Id(row, path, call));
    }

    private static string? Id(ChatRowContext row, string path, JsonElement call) =>
        call.TryGetProperty("id", out JsonElement id) && id.ValueKind != JsonValueKind.Null ? row.Text($"{path}.id", id) : null;

    private static ToolCall? Function(ChatRowContext row, string path, JsonElement function, string? id, bool isText = false)
    {
        if (function.ValueKind != JsonValueKind.Object)
        {
            row.Fault(path, "wrong-type", $"{ChatRowContext.Kind(function)} where a function is expected", "write an object with name and arguments");
            return null;
        }

        row.Keys(path, function, "name", "arguments", "id", "type");
        if (!function.TryGetProperty("name", out JsonElement name) || row.Text($"{path}.name", name) is not { } called
            || string.IsNullOrWhiteSpace(called))
        {
            row.Fault($"{path}.name", "call-without-name", "the call names no function", "name it");
            return null;
        }

        return !function.TryGetProperty("arguments", out JsonElement arguments) ? new(called, "{}", id)
            : isText && arguments.ValueKind == JsonValueKind.Object ? new(called, arguments.GetRawText(), id) // As ShareGPT has it.
            : Arguments(row, $"{path}.arguments", arguments) is { } text ? new(called, text, id)
            : null;
    }

    private static string? Arguments(ChatRowContext row, string path, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            row.Fault(path, "wrong-type", "an object where the text of one is expected", "write the object as a string", "written as a string");
            return value.GetRawText();
        }

        if (row.Text(path, value) is not { } text)
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(text.Length == 0 ? "{}" : text);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return text;
            }
        }
        catch (JsonException)
        {
            // Said below.
        }

        row.Fault(path, "bad-arguments", $"the arguments are not the text of a JSON object: '{ChatRowContext.Short(text)}'",
            "write {} with the arguments' names and values");
        return text;
    }
}
