namespace TransferLab.Comparison;

/// <summary>What one answer is worth against the right ones, by each of the usual measures; where several answers are right, the best counts.</summary>
public sealed record AnswerScore
{
    /// <summary>1 where the answer is one of the right ones after normalisation (SQuAD's rules), 0 otherwise.</summary>
    public required double ExactMatch { get; init; }

    /// <summary>The same without blanks: in Korean they are often written differently.</summary>
    public required double CharacterExactMatch { get; init; }

    /// <summary>
    /// 1 where a right answer stands in the answer as whole words (in Korean, Chinese, Japanese and Thai, anywhere). Long answers win it easily: read it
    /// beside their length.
    /// </summary>
    public required double Contains { get; init; }

    /// <summary>
    /// Harmonic mean of the precision and recall of words, repeated ones counted (SQuAD's F1); each character is a word in Chinese, Japanese and Thai.
    /// </summary>
    public required double F1 { get; init; }

    /// <summary>The same of characters without blanks: in Korean a word and the same word with a particle share most of their characters.</summary>
    public required double CharacterF1 { get; init; }

    /// <summary>
    /// F of the longest common subsequence of words, precision and recall weighing alike (ROUGE-L; Lin 2004): meant for answers of more than ten words or so.
    /// </summary>
    public required double RougeL { get; init; }

    /// <summary>
    /// Whether the answer declines to answer, or is empty. For a question that nothing answers this is right, and all measures are 1 or 0 by it.
    /// </summary>
    public required bool IsRefusal { get; init; }

    /// <summary>Words of the answer, as F1 counts them before articles are dropped.</summary>
    public required int Words { get; init; }
}
