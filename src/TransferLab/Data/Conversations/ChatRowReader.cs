using System.Text.Json;

namespace TransferLab.Data;

/// <summary>Reads one row in whichever shape it has; a file's shape is not judged by its first row.</summary>
internal static class ChatRowReader
{
    private const string Expected = "write messages, prompt and completion, instruction and output, or conversations, or make conversations of it first";

    private static readonly string[] s_shaping = ["messages", "conversations", "conversation", "prompt", "completion", "instruction", "output"];

    /// <summary>Reads a row.</summary>
    /// <param name="line">Where it begins.</param>
    /// <param name="root">The row.</param>
    /// <param name="host">By whose rules its turns are looked at.</param>
    public static ChatRow Read(int line, JsonElement root, ChatHost host)
    {
        ChatRowContext row = new(line, host.Ignored);
        ChatShape? shape = null;
        try
        {
            if (root.ValueKind != JsonValueKind.Object)
            {
                row.Fault("$", "wrong-type", $"{ChatRowContext.Kind(root)} where a row is expected", "write one object a row");
                return new(line, null, null, row.Findings);
            }

            shape = ShapeOf(row, root);
            List<(Turn Turn, string Path)>? turns = shape switch
            {
                ChatShape.Messages => Messages(row, root),
                ChatShape.ShareGpt => ShareGpt(row, root),
                ChatShape.PromptCompletion => PromptCompletion(row, root),
                ChatShape.Instruction => Instruction(row, root),
                _ => null,
            };
            string? tools = Tools(row, root);
            bool? parallel = Parallel(row, root);
            if (turns is null)
            {
                return new(line, shape, null, row.Findings);
            }

            turns = TurnRules.Apply(row, turns, host);
            Conversation conversation = new([.. turns.Select(item => item.Turn)]) { Tools = tools, ParallelToolCalls = parallel, Line = line };
            return new(line, shape, conversation, row.Findings) { Paths = [.. turns.Select(item => item.Path)] };
        }
        catch (InvalidOperationException)
        {
            row.Fault("$", "half-surrogate", "the name of a key has an escape \\u that is half of a surrogate pair",
                "write both halves or the character itself");
            return new(line, shape, null, row.Findings);
        }
    }

    /// <summary>Whether an object has a key of a row.</summary>
    public static bool HasShape(JsonElement root) =>
        s_shaping.Any(key => root.TryGetProperty(key, out _));

    private static ChatShape? ShapeOf(ChatRowContext row, JsonElement root)
    {
        if (Has("messages"))
        {
            return ChatShape.Messages;
        }

        if (Has("conversations") || Has("conversation"))
        {
            return ChatShape.ShareGpt;
        }

        if (Has("prompt") || Has("completion"))
        {
            return ChatShape.PromptCompletion;
        }

        if (Has("instruction") || Has("output"))
        {
            return ChatShape.Instruction;
        }

        string[] keys = [.. root.EnumerateObject().Select(member => ChatRowContext.Short(member.Name)).Take(9)];
        row.Fault("$", "unknown-shape", keys.Length == 0
            ? "an object without any key"
            : $"no shape that is read; its keys are {string.Join(", ", keys)}", Expected);
        return null;

        bool Has(string key) => root.TryGetProperty(key, out _);
    }

    private static List<(Turn, string)>? Messages(ChatRowContext row, JsonElement root)
    {
        row.Keys("$", root, "messages", "tools", "functions", "parallel_tool_calls");
        return TurnReader.ReadAll(row, "$.messages", root.GetProperty("messages"), shareGpt: false);
    }

    private static List<(Turn, string)>? ShareGpt(ChatRowContext row, JsonElement root)
    {
        string key = root.TryGetProperty("conversations", out JsonElement value) ? "conversations" : "conversation";
        row.Keys("$", root, key, "system", "tools", "id");
        List<(Turn, string)>? turns = TurnReader.ReadAll(row, $"$.{key}", key == "conversations" ? value : root.GetProperty(key), shareGpt: true);
        return WithSystem(row, root, turns);
    }

    private static List<(Turn, string)>? PromptCompletion(ChatRowContext row, JsonElement root)
    {
        row.Keys("$", root, "prompt", "completion", "system", "tools", "parallel_tool_calls");
        List<(Turn, string)>? prompt = Side("prompt", Role.User), completion = Side("completion", Role.Assistant);
        if (prompt is null || completion is null)
        {
            return null;
        }

        // What stands before the completion is only read, whoever says it.
        return WithSystem(row, root,
            [.. prompt.Select(turn => (turn.Item1 with { Weight = turn.Item1.Role == Role.Assistant ? 0 : 1 }, turn.Item2)), .. completion]);

        List<(Turn, string)>? Side(string key, Role role)
        {
            if (root.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.Array)
            {
                return TurnReader.ReadAll(row, $"$.{key}", value, shareGpt: false);
            }

            return Required(row, root, key, role) is { } text ? [(new Turn(role, text), $"$.{key}")] : null;
        }
    }

    private static List<(Turn, string)>? Instruction(ChatRowContext row, JsonElement root)
    {
        row.Keys("$", root, "instruction", "input", "output", "system", "tools");
        string? instruction = Required(row, root, "instruction", Role.User), output = Required(row, root, "output", Role.Assistant);
        string? input = root.TryGetProperty("input", out JsonElement value) && value.ValueKind != JsonValueKind.Null ? row.Text("$.input", value) : "";
        if (instruction is null || output is null || input is null)
        {
            return null;
        }

        string question = string.IsNullOrWhiteSpace(input) ? instruction : $"{instruction}\n\n{input}";
        return WithSystem(row, root, [(new Turn(Role.User, question), "$.instruction"), (new Turn(Role.Assistant, output), "$.output")]);
    }

    private static string? Required(ChatRowContext row, JsonElement root, string key, Role role)
    {
        string kind = role == Role.Assistant ? "empty-answer" : "empty-question", what = role == Role.Assistant ? "answer" : "question";
        if (!root.TryGetProperty(key, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            row.Fault($"$.{key}", kind, $"there is no '{key}'", $"write the {what}, or remove the row");
            return null;
        }

        string? text = row.Text($"$.{key}", value);
        if (text is not null && string.IsNullOrWhiteSpace(text))
        {
            row.Fault($"$.{key}", kind, $"the {what} is empty", $"write the {what}, or remove the row");
        }

        return text;
    }

    private static List<(Turn, string)>? WithSystem(ChatRowContext row, JsonElement root, List<(Turn, string)>? turns) =>
        turns is null || !root.TryGetProperty("system", out JsonElement value) || value.ValueKind == JsonValueKind.Null
            || row.Text("$.system", value) is not { Length: > 0 } system
            ? turns
            : [(new Turn(Role.System, system), "$.system"), .. turns];

    private static string? Tools(ChatRowContext row, JsonElement root)
    {
        string key = root.TryGetProperty("tools", out JsonElement value) ? "tools" : "functions";
        if (key == "functions" && !root.TryGetProperty(key, out value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        // ShareGPT's files hold the text of the array.
        if (value.ValueKind == JsonValueKind.String && row.Text($"$.{key}", value) is { } text)
        {
            return IsArray(text) ? text : Refused("a text that is no JSON array");
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            return Refused(ChatRowContext.Kind(value));
        }

        if (key == "tools" && root.TryGetProperty("functions", out JsonElement also) && also.ValueKind != JsonValueKind.Null)
        {
            row.Fault("$.functions", "wrong-type", "both 'tools' and 'functions', and readers disagree on which counts", "leave one");
            return null;
        }

        int at = 0;
        foreach (JsonElement tool in value.EnumerateArray())
        {
            string place = $"$.{key}[{at++}]";
            if (tool.ValueKind != JsonValueKind.Object)
            {
                row.Fault(place, "wrong-type", $"{ChatRowContext.Kind(tool)} where the description of a tool is expected", "write an object");
                return null;
            }

            if (!IsWhole(tool))
            {
                row.Fault(place, "half-surrogate", "an escape \\u is half of a surrogate pair", "write both halves or the character itself");
                return null;
            }
        }

        if (key == "tools")
        {
            return value.GetRawText();
        }

        row.Warn("$.functions", "deprecated", "'functions' is deprecated", "write 'tools'", "written as tools");
        return $"[{string.Join(",", value.EnumerateArray().Select(function => $$"""{"type":"function","function":{{function.GetRawText()}}}"""))}]";

        string? Refused(string found)
        {
            row.Fault($"$.{key}", "wrong-type", $"{found} where an array of tools is expected", "write an array of their descriptions");
            return null;
        }
    }

    /// <summary>Whether all strings within can be written again.</summary>
    private static bool IsWhole(JsonElement value)
    {
        try
        {
            using Utf8JsonWriter json = new(Stream.Null);
            value.WriteTo(json);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static bool IsArray(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Array && IsWhole(document.RootElement);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool? Parallel(ChatRowContext row, JsonElement root)
    {
        if (!root.TryGetProperty("parallel_tool_calls", out JsonElement value))
        {
            return null;
        }

        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        row.Fault("$.parallel_tool_calls", "wrong-type", $"{ChatRowContext.Kind(value)} where true or false is expected", "write true or false");
        return null;
    }
}
