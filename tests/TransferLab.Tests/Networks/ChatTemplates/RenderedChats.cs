using System.Text.Json;
using TransferLab.Data;

namespace TransferLab.Tests.Networks.ChatTemplates;

/// <summary>Conversations as the models' own templates write them in Jinja (Python's jinja2, with the settings of transformers).</summary>
internal static class RenderedChats
{
    public static IReadOnlyList<RenderedChat> All { get; } = Read();

    private static List<RenderedChat> Read()
    {
        using JsonDocument document = JsonDocument.Parse(
            File.ReadAllBytes(Path.Combine(RepositoryRoot.Path, "tests", "TransferLab.Tests", "Networks", "ChatTemplates", "rendered.json")));
        return
        [
            .. document.RootElement.EnumerateArray().Select(one => new RenderedChat(
                one.GetProperty("template").GetString()!,
                one.GetProperty("title").GetString()!,
                new Conversation(
                    [.. one.GetProperty("messages").EnumerateArray().Select(Turn)]) { Tools = one.TryGetProperty("tools", out JsonElement tools)
                        ? tools.GetRawText() : null },
                one.GetProperty("head").GetBoolean(),
                one.GetProperty("text").GetString()!)),
        ];
    }

    private static Turn Turn(JsonElement message) =>
        new(Enum.Parse<Role>(message.GetProperty("role").GetString()!, ignoreCase: true), message.GetProperty("content").GetString()!)
        {
            ToolCalls = message.TryGetProperty("tool_calls", out JsonElement calls)
            ? [.. calls.EnumerateArray().Select(call => call.GetProperty("function"))
                .Select(call => new ToolCall(call.GetProperty("name").GetString()!, call.GetProperty("arguments").GetRawText()))]
            : [],
        };
}

internal sealed record RenderedChat(string Template, string Title, Conversation Conversation, bool Head, string Text);
