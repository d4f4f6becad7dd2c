using TransferLab.Data;

namespace TransferLab.Comparison;

/// <summary>What is measured of answers, and what of it comes first.</summary>
internal static class AnswerMetrics
{
    /// <summary>A right answer stands in what was answered.</summary>
    public static MetricSummary Contains { get; } = new() { Name = "contains" };

    /// <summary>Words in common.</summary>
    public static MetricSummary F1 { get; } = new() { Name = "F1" };

    /// <summary>The same of characters.</summary>
    public static MetricSummary CharacterF1 { get; } = new() { Name = "character F1" };

    /// <summary>The very answer.</summary>
    public static MetricSummary Exact { get; } = new() { Name = "exact match" };

    /// <summary>The longest common subsequence of words.</summary>
    public static MetricSummary RougeL { get; } = new() { Name = "ROUGE-L" };

    /// <summary>Mean loss a token of the reference answer.</summary>
    public static MetricSummary Loss { get; } = new() { Name = "log loss", IsShare = false, LowerIsBetter = true };

    /// <summary>What a judge holds right.</summary>
    public static MetricSummary Judged { get; } = new() { Name = "judged" };

    /// <summary>All for a set: whether a right answer is contained comes first where short answers are known, and F1 where there are only whole ones.</summary>
    public static MetricSummary[] For(QuestionSet data) =>
        data.Test.Count(question => question.Answers.Count > 0 || question.Unanswerable) * 2 > data.Test.Count
        ? [Contains, F1, Exact, CharacterF1, RougeL, Loss] : [F1, Contains, Exact, CharacterF1, RougeL, Loss];

    /// <summary>The score of an answer by a metric.</summary>
    public static double Of(MetricSummary metric, AnswerScore score) =>
        metric == Contains
            ? score.Contains
            : metric == F1
            ? score.F1
            : metric == CharacterF1
            ? score.CharacterF1
            : metric == Exact
            ? score.ExactMatch
            : score.RougeL;
}
