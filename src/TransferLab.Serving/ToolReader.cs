using System.Text.Json;
using Microsoft.Extensions.AI;

namespace TransferLab.Serving;

/// <summary>The tools of a request: functions, by declaration alone.</summary>
internal static class ToolReader
{
    private static readonly JsonElement s_noParameters = JsonDocument.Parse("""{"type":"object","properties":{}}""").RootElement.Clone();

    /// <summary>Reads <c>tools</c> and <c>tool_choice</c>.</summary>
    /// <exception cref="ApiException">They are not well-formed.</exception>
    public static void Read(JsonElement root, ChatOptions options)
    {
        if (root.Value("tools") is { } tools)
        {
            options.Tools = [.. tools.Items("tools").Select(item => Tool(item.Item, item.At))];
        }

        if (root.Value("tool_choice") is { } choice)
        {
            options.ToolMode = choice.ValueKind == JsonValueKind.String && choice.ValueEquals("none") ? ChatToolMode.None
                : choice.ValueKind == JsonValueKind.String && choice.ValueEquals("auto") ? ChatToolMode.Auto
                : throw ApiError.Refused("tool_choice", "'tool_choice' has to be auto or none: a call cannot be enforced.", "unsupported_value");
        }
    }

    private static AIFunctionDeclaration Tool(JsonElement json, string at)
    {
        string where = $"{at}.function";
        JsonElement function = json.Object(at).Value("type") is { } type && type.Text($"{at}.type") == "function" && json.Value("function") is { } found
            ? found.Object(where)
            : throw ApiError.Refused(at, $"'{at}' is no function; only functions can be called.", "unsupported_value");
        string name = function.Value("name")?.Text($"{where}.name")
            ?? throw ApiError.Refused($"{where}.name", $"'{where}.name' is missing.", "missing_required_parameter");
        return AIFunctionFactory.CreateDeclaration(name, function.Value("description")?.Text($"{where}.description"),
            function.Value("parameters")?.Object($"{where}.parameters").Clone() ?? s_noParameters);
    }
}
