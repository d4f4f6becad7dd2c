using System.Text.Json;

namespace TransferLab.Data;

/// <summary>Reads one message: <c>role</c> and <c>content</c>, or ShareGPT's <c>from</c> and <c>value</c>.</summary>
internal static class TurnReader
{
    private const string Roles = "system, developer, user, assistant or tool";

    private static readonly Dictionary<string, Role> s_roles = Enum.GetValues<Role>().ToDictionary(role => role.ToString().ToLowerInvariant());

    // What other programs call them, of which the meaning is beyond doubt.
    private static readonly Dictionary<string, Role> s_others = new()
    {
        ["human"] = Role.User,
        ["gpt"] = Role.Assistant,
        ["chatgpt"] = Role.Assistant,
        ["bot"] = Role.Assistant,
        ["chatbot"] = Role.Assistant,
        ["model"] = Role.Assistant,
        ["ai"] = Role.Assistant,
        ["observation"] = Role.Tool,
        ["ipython"] = Role.Tool,
        ["function"] = Role.Tool,
    };

    /// <summary>An array of messages; what cannot be read is left out, with a fault.</summary>
    /// <returns>The turns, each with its path; null where one of them is beyond reading.</returns>
    public static List<(Turn Turn, string Path)>? ReadAll(ChatRowContext row, string path, JsonElement value, bool shareGpt)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            row.Fault(path, "wrong-type", $"{ChatRowContext.Kind(value)} where an array of messages is expected",
                "write an array of objects with role and content");
            return null;
        }

        List<(Turn, string)> turns = [];
        bool whole = true;
        int i = 0;
        foreach (JsonElement item in value.EnumerateArray())
        {
            string place = $"{path}[{i++}]";
            if (Read(row, place, item, shareGpt) is { } turn)
            {
                turns.Add((turn, place));
            }
            else
            {
                whole = false;
            }
        }

        if (i == 0)
        {
            row.Fault(path, "no-messages", "there are no messages", "write a question and its answer, or remove the row");
        }

        return whole && i > 0 ? turns : null;
    }

    private static Turn? Read(ChatRowContext row, string path, JsonElement item, bool shareGpt)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            row.Fault(path, "wrong-type", $"{ChatRowContext.Kind(item)} where a message is expected", "write an object with role and content");
            return null;
        }

        bool fromValue = shareGpt && item.TryGetProperty("from", out _);
        string roleKey = fromValue ? "from" : "role", contentKey = fromValue ? "value" : "content";
        row.Keys(path, item, roleKey, contentKey, "name", "weight", "tool_calls", "tool_call_id", "function_call");
        if (fromValue && item.GetProperty("from") is { ValueKind: JsonValueKind.String } from && from.ValueEquals("function_call"u8))
        {
            return ContentOf(row, $"{path}.value", item, "value", Role.Assistant, calls: false) is not { } text
                || ToolCallReader.ReadText(row, $"{path}.value", text) is not { } made ? null : new(Role.Assistant, "")
                {
                    Weight = WeightOf(row, $"{path}.weight", item, Role.Assistant),
                    Name = Optional(row, path, item, "name"),
                    ToolCalls = made,
                };
        }

        if (RoleOf(row, $"{path}.{roleKey}", item, roleKey, fromValue) is not { } role)
        {
            return null;
        }

        IReadOnlyList<ToolCall>? calls = ToolCallReader.Read(row, path, item, role);
        return calls is null || ContentOf(row, $"{path}.{contentKey}", item, contentKey, role, calls.Count > 0) is not { } content ? null : new(role, content)
        {
            Weight = WeightOf(row, $"{path}.weight", item, role),
            Name = Optional(row, path, item, "name"),
            ToolCalls = calls,
            ToolCallId = Optional(row, path, item, "tool_call_id"),
        };
    }

    private static Role? RoleOf(ChatRowContext row, string path, JsonElement item, string key, bool shareGpt)
    {
        if (!item.TryGetProperty(key, out JsonElement value))
        {
            row.Fault(path, "no-role", $"the message has no '{key}'", $"add one of {Roles}");
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            row.Fault(path, "unknown-role", $"{ChatRowContext.Kind(value)} where a role is expected", $"write {Roles}");
            return null;
        }

        if (row.Text(path, value) is not { } text)
        {
            return null;
        }

        if (s_roles.TryGetValue(text, out Role role))
        {
            return role;
        }

        string name = text.Trim().ToLowerInvariant();
        if (s_roles.TryGetValue(name, out role) || s_others.TryGetValue(name, out role))
        {
            string own = role.ToString().ToLowerInvariant();
            if (shareGpt)
            {
                return role;
            }

            if (text == "function")
            {
                row.Warn(path, "deprecated", "the role 'function' is deprecated", "write tool", "written as tool");
                return role;
            }

            row.Fault(path, "unknown-role", $"'{ChatRowContext.Short(text)}' is not a role", $"write {own}", $"written as {own}");
            return role;
        }

        row.Fault(path, "unknown-role", $"'{ChatRowContext.Short(text)}' is not a role", $"write {Roles}");
        return null;
    }

    private static string? ContentOf(ChatRowContext row, string path, JsonElement item, string key, Role role, bool calls)
    {
        bool given = item.TryGetProperty(key, out JsonElement value);
        if (!given || value.ValueKind == JsonValueKind.Null)
        {
            if (calls)
            {
                return "";
            }

            string kind = role == Role.Assistant ? "empty-answer" : "no-content";
            row.Fault(path, kind, given
                ? $"'{key}' is null, which only an assistant's turn with tool calls may have"
                : $"the message has no '{key}'", "write the text, or remove the row");
            return null;
        }

        string? text = value.ValueKind == JsonValueKind.Array ? Parts(row, path, value) : row.Text(path, value);
        if (text is null || !string.IsNullOrWhiteSpace(text) || calls || role == Role.Tool)
        {
            return text;
        }

        switch (role)
        {
            case Role.Assistant:
                row.Fault(path, "empty-answer", "the answer is empty", "write the answer, or remove the row");
                break;
            case Role.User:
                row.Fault(path, "empty-question", "the user's turn is empty", "write the question, or remove the row");
                break;
            default:
                row.Warn(path, "empty-system", $"the {role.ToString().ToLowerInvariant()} turn is empty, and most templates still write it", "remove the turn");
                break;
        }

        return text;
    }

    private static string? Parts(ChatRowContext row, string path, JsonElement value)
    {
        List<string> texts = [];
        int i = 0;
        foreach (JsonElement part in value.EnumerateArray())
        {
            string place = $"{path}[{i++}]";
            if (part.ValueKind != JsonValueKind.Object || !part.TryGetProperty("text", out JsonElement text) || text.ValueKind != JsonValueKind.String)
            {
                row.Fault(place, "not-text", "a part of the content that is not a text", "describe it in words, or remove the row: texts alone are trained");
                return null;
            }

            if (row.Text($"{place}.text", text) is not { } decoded)
            {
                return null;
            }

            texts.Add(decoded);
        }

        row.Fault(path, "content-parts", "the content is an array of parts", "write one string", "written as one string");
        return string.Join("\n", texts);
    }

    private static int WeightOf(ChatRowContext row, string path, JsonElement item, Role role)
    {
        if (!item.TryGetProperty("weight", out JsonElement value))
        {
            return 1;
        }

        if (role != Role.Assistant)
        {
            row.Fault(path, "weight-not-on-answer", $"a weight on a turn of the {role.ToString().ToLowerInvariant()}, which is never trained", "remove it",
                "removed");
            return 1;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Number when value.TryGetDouble(out double number) && number is 0 or 1:
                return (int)value.GetDouble();
            case JsonValueKind.True or JsonValueKind.False:
                return Mended(value.ValueKind == JsonValueKind.True ? 1 : 0);
            case JsonValueKind.String when value.ValueEquals("0") || value.ValueEquals("1"):
                return Mended(value.ValueEquals("1") ? 1 : 0);
            default:
                row.Fault(path, "bad-weight",
                    $"the weight is {(value.ValueKind == JsonValueKind.Number ? ChatRowContext.Short(value.GetRawText()) : ChatRowContext.Kind(value))}",
                    "write 0 (only read) or 1 (trained)");
                return 1;
        }

        int Mended(int weight)
        {
            row.Fault(path, "bad-weight", $"the weight is {ChatRowContext.Kind(value)}", $"write {weight}, a number", $"written as {weight}");
            return weight;
        }
    }

    private static string? Optional(ChatRowContext row, string path, JsonElement item, string key) =>
        item.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? row.Text($"{path}.{key}", value) : null;
}
