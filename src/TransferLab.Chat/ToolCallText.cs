using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using TransferLab.Models;

namespace TransferLab.Chat;

/// <summary>Calls of tools in what a model wrote: between the tags of ChatML models, or as Llama 3.1's bare object.</summary>
internal static partial class ToolCallText
{
    /// <summary>An answer as contents, and why it ended. What is no well-formed call stays text.</summary>
    /// <param name="answer">What was written.</param>
    /// <param name="hasTools">Whether tools were offered; without, everything is text.</param>
    public static (IList<AIContent> Contents, ChatFinishReason Reason) Contents(Completion answer, bool hasTools)
    {
        ChatFinishReason ended = answer.End == CompletionEnd.Stop ? ChatFinishReason.Stop : ChatFinishReason.Length;
        if (hasTools && answer.End == CompletionEnd.Stop)
        {
            MatchCollection tagged = Tagged().Matches(answer.Text);
            FunctionCallContent?[] calls = tagged.Count > 0 ? [.. tagged.Select((match, i) => Call(match.Groups[1].Value, i))] : [Call(answer.Text, 0)];
            if (!calls.Contains(null))
            {
                string text = tagged.Count > 0 ? Tagged().Replace(answer.Text, "").Trim() : "";
                return ([.. text.Length > 0 ? [new TextContent(text)] : (AIContent[])[], .. calls!], ChatFinishReason.ToolCalls);
            }
        }

        return ([new TextContent(answer.Text)], ended);
    }

    private static FunctionCallContent? Call(string json, int index)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("name", out JsonElement name) || name.ValueKind != JsonValueKind.String
                || !(root.TryGetProperty("arguments", out JsonElement given) || root.TryGetProperty("parameters", out given))
                    || given.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            Dictionary<string, object?> arguments = given.EnumerateObject().DistinctBy(item => item.Name)
                .ToDictionary(item => item.Name, item => (object?)item.Value.Clone());
            return new(FormattableString.Invariant($"call_{index + 1}_{Guid.NewGuid():N}"), name.GetString()!, arguments);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"<tool_call>\s*(\{.*?\})\s*</tool_call>", RegexOptions.Singleline)]
    private static partial Regex Tagged();
}
