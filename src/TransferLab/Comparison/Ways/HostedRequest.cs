using TransferLab.Data;

namespace TransferLab.Comparison;

/// <summary>What a comparison sends to a hosted model.</summary>
/// <param name="Way">The row that asks.</param>
/// <param name="Question">What is asked.</param>
/// <param name="Asked">The question with all that is shown beside it.</param>
public sealed record HostedRequest(AnswerWay Way, Question Question, Conversation Asked);
