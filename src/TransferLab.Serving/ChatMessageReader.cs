using System.Text.Json;
using Microsoft.Extensions.AI;

namespace TransferLab.Serving;

/// <summary>The messages of a request.</summary>
internal static class ChatMessageReader
{
    private static readonly ChatRole s_developer = new("developer");

    /// <summary>Reads them.</summary>
    /// <exception cref="ApiException">One is not well-formed, or holds what is not text.</exception>
    public static IReadOnlyList<ChatMessage> Read(JsonElement messages)
    {
        List<ChatMessage> read = [.. messages.Items("messages").Select(item => Message(item.Item, item.At))];
        return read.Count > 0 ? read : throw ApiError.Refused("messages", "'messages' is empty; there is nothing to answer.", "empty_array");
    }

    private static ChatMessage Message(JsonElement json, string at)
    {
        json.Object(at).OnlyKnows(at, "role", "content", "name", "tool_calls", "tool_call_id");
        string name = json.Value("role")?.Text($"{at}.role") ?? throw ApiError.Refused($"{at}.role", $"'{at}.role' is missing.", "missing_required_parameter");
        ChatRole role = name switch
        {
            "system" => ChatRole.System,
            "developer" => s_developer,
            "user" => ChatRole.User,
            "assistant" => ChatRole.Assistant,
            "tool" => ChatRole.Tool,
            _ => throw ApiError.Refused($"{at}.role", $"'{at}.role' is '{name}'; it has to be system, developer, user, assistant or tool.", "invalid_value"),
        };
        List<AIContent> calls = [.. Calls(json, role, at)];
        string? content = json.Value("content") is { } value ? Content(value, $"{at}.content") : null;
        if (content is null && calls.Count == 0)
        {
            throw ApiError.Refused($"{at}.content", $"'{at}.content' is missing.", "missing_required_parameter");
        }

        List<AIContent> contents = [.. content is { Length: > 0 } || calls.Count == 0 ? [new TextContent(content)] : (AIContent[])[], .. calls];
        if (role == ChatRole.Tool)
        {
            string call = json.Value("tool_call_id")?.Text($"{at}.tool_call_id")
                ?? throw ApiError.Refused($"{at}.tool_call_id", $"'{at}.tool_call_id' is missing: which call this answers.", "missing_required_parameter");
            contents = [new FunctionResultContent(call, content)];
        }

        return new(role, contents) { AuthorName = json.Value("name")?.Text($"{at}.name") };
    }

    /// <summary>A text, or parts of text.</summary>
    private static string Content(JsonElement json, string at) => json.ValueKind == JsonValueKind.String ? json.Text(at)
        : string.Concat(json.Items(at).Select(item => Part(item.Item, item.At)));

    private static string Part(JsonElement json, string at)
    {
        string type = json.Object(at).Value("type")?.Text($"{at}.type")
            ?? throw ApiError.Refused($"{at}.type", $"'{at}.type' is missing.", "missing_required_parameter");
        return type == "text" && json.Value("text") is { } text ? text.Text($"{at}.text")
            : throw ApiError.Refused(at, type == "text" ? $"'{at}.text' is missing." : $"'{at}' is of type '{type}', and the model reads text alone.",
                type == "text" ? "missing_required_parameter" : "unsupported_value");
    }

    private static IEnumerable<FunctionCallContent> Calls(JsonElement json, ChatRole role, string at)
    {
        if (json.Value("tool_calls") is not { } calls || (calls.ValueKind == JsonValueKind.Array && calls.GetArrayLength() == 0))
        {
            yield break;
        }

        if (role != ChatRole.Assistant)
        {
            throw ApiError.Refused($"{at}.tool_calls", $"'{at}.tool_calls': only the assistant calls tools.", "invalid_value");
        }

        foreach ((JsonElement call, string place) in calls.Items($"{at}.tool_calls"))
        {
            string Needed(JsonElement from, string key, string where) => from.Value(key)?.Text($"{where}.{key}")
                ?? throw ApiError.Refused($"{where}.{key}", $"'{where}.{key}' is missing.", "missing_required_parameter");
            JsonElement function = call.Object(place).Value("function")?.Object($"{place}.function")
                ?? throw ApiError.Refused($"{place}.function", $"'{place}.function' is missing.", "missing_required_parameter");
            yield return new(Needed(call, "id", place), Needed(function, "name", $"{place}.function"),
                Arguments(Needed(function, "arguments", $"{place}.function"), $"{place}.function.arguments"));
        }
    }

    private static Dictionary<string, object?> Arguments(string text, string at)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            _ = JsonSerializer.Serialize(document.RootElement); // Half a surrogate pair within throws here, and not where the prompt is written.
            return document.RootElement.Object(at).EnumerateObject().DistinctBy(item => item.Name)
                .ToDictionary(item => item.Name, item => (object?)item.Value.Clone());
        }
        catch (JsonException)
        {
            throw ApiError.Refused(at, $"'{at}' is no JSON.", "invalid_value");
        }
    }
}
