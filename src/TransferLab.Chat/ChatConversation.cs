using System.Text.Json;
using Microsoft.Extensions.AI;
using TransferLab.Data;

namespace TransferLab.Chat;

/// <summary>Messages as a conversation.</summary>
internal static class ChatConversation
{
    /// <summary>The role that newer programs give the system's turn.</summary>
    private const string Developer = "developer";

    /// <summary>The conversation that messages are.</summary>
    /// <exception cref="NotSupportedException">A message holds what is not text, or has a role that is not known.</exception>
    /// <exception cref="ArgumentException">There is no message.</exception>
    public static Conversation Of(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        List<Turn> turns = [.. messages.SelectMany(Turns)];
        if (!string.IsNullOrEmpty(options?.Instructions))
        {
            bool hasSystem = turns is [{ Role: Role.System or Role.Developer }, ..];
            Turn first = hasSystem ? turns[0] with { Content = $"{options.Instructions}\n\n{turns[0].Content}" } : new(Role.System, options.Instructions);
            turns = [first, .. turns.Skip(hasSystem ? 1 : 0)];
        }

        return turns.Count == 0 ? throw new ArgumentException("There is no message to answer.")
            : new(turns)
            {
                Tools = options?.Tools is { Count: > 0 } tools && options.ToolMode is not NoneChatToolMode ? Declared(tools) : null,
                ParallelToolCalls = options?.AllowMultipleToolCalls,
            };
    }

    private static IEnumerable<Turn> Turns(ChatMessage message, int index)
    {
        Role role = message.Role == ChatRole.System ? Role.System : message.Role == ChatRole.User ? Role.User : message.Role == ChatRole.Assistant
            ? Role.Assistant
            : message.Role == ChatRole.Tool ? Role.Tool : message.Role.Value == Developer ? Role.Developer
            : throw new NotSupportedException(
                $"Message {index + 1} has the role '{message.Role}', which is not known; there are system, developer, user, assistant and tool.");
        string text = "";
        List<ToolCall> calls = [];
        foreach (AIContent content in message.Contents)
        {
            switch (content)
            {
                case TextContent one:
                    text += one.Text;
                    break;
                case FunctionCallContent call when role == Role.Assistant:
                    calls.Add(new(call.Name, JsonSerializer.Serialize(call.Arguments ?? new Dictionary<string, object?>(), AIJsonUtilities.DefaultOptions),
                        call.CallId));
                    break;
                case FunctionResultContent result when role == Role.Tool:
                    yield return new(Role.Tool, Text(result.Result)) { ToolCallId = result.CallId };
                    break;
                case UsageContent:
                    break; // What an earlier answer cost is no part of what is read.
                default:
                    throw new NotSupportedException($"Message {index + 1} holds a {content.GetType().Name}, and the model reads text alone; leave it out.");
            }
        }

        if (text.Length > 0 || calls.Count > 0 || !message.Contents.Any(content => content is FunctionResultContent))
        {
            yield return new(role, text) { ToolCalls = calls, Name = message.AuthorName };
        }
    }

    private static string Text(object? result) => result switch
    {
        null => "",
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } json => json.GetString()!,
        _ => JsonSerializer.Serialize(result, AIJsonUtilities.DefaultOptions),
    };

    private static string Declared(IList<AITool> tools)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartArray();
            foreach (AITool tool in tools)
            {
                AIFunctionDeclaration function = tool as AIFunctionDeclaration
                    ?? throw new NotSupportedException($"The tool '{tool.Name}' is no function, and the model calls functions alone; leave it out.");
                json.WriteStartObject();
                json.WriteString("type", "function");
                json.WriteStartObject("function");
                json.WriteString("name", function.Name);
                json.WriteString("description", function.Description);
                json.WritePropertyName("parameters");
                function.JsonSchema.WriteTo(json);
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
