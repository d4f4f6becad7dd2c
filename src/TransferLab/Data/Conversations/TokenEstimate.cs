using System.Text;

namespace TransferLab.Data;

/// <summary>How many tokens a text has, before a tokenizer is at hand.</summary>
public static class TokenEstimate
{
    private const double BytesPerToken = 4; // Of English prose, for vocabularies of some 50,000; other scripts have more bytes and more tokens.
    private const int PerTurn = 3, PerConversation = 3; // The frame of a turn and the head of the answer, as OpenAI's cookbook counts them.

    /// <summary>About how many tokens a text has: a token every four bytes of UTF-8.</summary>
    public static int Of(string text) => (int)Math.Ceiling(Encoding.UTF8.GetByteCount(text) / BytesPerToken);

    /// <summary>The tokens of a conversation with its frame: 3 a turn, 1 a name and 3 for the head of the answer, as OpenAI's cookbook counts.</summary>
    /// <param name="conversation">The turns, with tool calls and the tools' descriptions.</param>
    /// <param name="count">Tokens of one text.</param>
    public static int Of(Conversation conversation, Func<string, int> count) =>
        PerConversation + (conversation.Tools is { } tools ? count(tools) : 0) + conversation.Turns.Sum(turn => PerTurn + Of(turn, count));

    /// <summary>The tokens of what a turn holds: its text, its name and its calls.</summary>
    internal static int Of(Turn turn, Func<string, int> count) =>
        count(turn.Content) + (turn.Name is { } name ? count(name) + 1 : 0) + turn.ToolCalls.Sum(call => count(call.Name) + count(call.Arguments));
}
