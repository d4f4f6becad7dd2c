using Microsoft.Extensions.AI;

namespace TransferLab.Serving;

/// <summary>A request for a completion.</summary>
/// <param name="Messages">The conversation.</param>
/// <param name="Options">How to answer.</param>
/// <param name="Streams">Whether the answer comes as events.</param>
/// <param name="IncludesUsage">Whether the last event tells the tokens.</param>
internal sealed record ChatRequest(IReadOnlyList<ChatMessage> Messages, ChatOptions Options, bool Streams, bool IncludesUsage);
