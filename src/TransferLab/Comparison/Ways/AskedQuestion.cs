using TransferLab.Data;

namespace TransferLab.Comparison;

/// <summary>A question that was asked.</summary>
/// <param name="Question">The question.</param>
/// <param name="Answer">What was answered.</param>
/// <param name="IsRight">Whether a right answer stands in it; of questions without short answers, whether half of the words do.</param>
public sealed record AskedQuestion(Question Question, string Answer, bool IsRight);
