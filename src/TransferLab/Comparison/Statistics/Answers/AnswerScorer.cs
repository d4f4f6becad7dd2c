namespace TransferLab.Comparison;

/// <summary>
/// Scores short answers as SQuAD does (Rajpurkar et al. 2016; 2018 for questions without an answer): lower case, no punctuation, in English no articles; the
/// best
/// of several right answers counts. Scripts without blanks are compared character by character, Korean by words and by characters (MLQA's way, Lewis et al.
/// 2020).
/// </summary>
public sealed class AnswerScorer
{
    /// <summary>A scorer.</summary>
    /// <param name="isEnglish">Whether "a", "an" and "the" are dropped, and ASCII punctuation alone; otherwise all punctuation is, and no word.</param>
    public AnswerScorer(bool isEnglish) => IsEnglish = isEnglish;

    /// <summary>Whether articles are dropped.</summary>
    public bool IsEnglish { get; }

    /// <summary>A scorer for questions in the language of these texts: English where one word in twenty is one of its commonest.</summary>
    /// <param name="texts">Questions and answers, the more the better.</param>
    public static AnswerScorer For(IEnumerable<string> texts) => new(EnglishWords.AreMost(texts));

    /// <summary>Scores one answer.</summary>
    /// <param name="answer">What was answered.</param>
    /// <param name="right">The right answers; of an unanswerable question, wordings of the refusal, or none.</param>
    /// <param name="isUnanswerable">Whether nothing answers the question, so that declining is right.</param>
    /// <exception cref="ArgumentException">There is no right answer, and the question is answerable.</exception>
    public AnswerScore Score(string answer, IReadOnlyList<string> right, bool isUnanswerable = false)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(right);
        if (right.Count == 0 && !isUnanswerable)
        {
            throw new ArgumentException("No right answer is given; give at least one, or say that the question is unanswerable.", nameof(right));
        }

        AnswerText given = new(answer, IsEnglish);
        AnswerText[] references = [.. right.Select(text => new AnswerText(text, IsEnglish))];
        bool isRefusal = Refusals.Is(answer);
        if (isUnanswerable)
        {
            isRefusal |= references.Any(reference => reference.Normalised.Length > 0 && given.Holds(reference));
            return Same(isRefusal ? 1 : 0) with { IsRefusal = isRefusal, Words = given.AllWords.Count };
        }

        return new()
        {
            ExactMatch = references.Any(reference => reference.Normalised == given.Normalised) ? 1 : 0,
            CharacterExactMatch = references.Any(reference => reference.Compact == given.Compact) ? 1 : 0,
            Contains = references.Any(given.Holds) ? 1 : 0,
            F1 = references.Max(reference => Overlap.F1(given.Words, reference.Words)),
            CharacterF1 = references.Max(reference => Overlap.F1(given.Characters, reference.Characters)),
            RougeL = references.Max(reference => Overlap.RougeL(given.AllWords, reference.AllWords)),
            IsRefusal = isRefusal,
            Words = given.AllWords.Count,
        };
    }

    /// <summary>
    /// Share of the words of an answer that stand in the passages that it was given, without the commonest words of English: whether it can be read there, not
    /// whether it is right.
    /// </summary>
    /// <returns>Between 0 and 1; null where the answer has no such word.</returns>
    public double? Groundedness(string answer, IEnumerable<string> passages)
    {
        HashSet<string> known = [.. passages.SelectMany(passage => new AnswerText(passage, IsEnglish).Words)];
        string[] words = [.. new AnswerText(answer, IsEnglish).Words.Where(word => !IsEnglish || !EnglishWords.IsCommon(word))];
        return words.Length == 0 ? null : (double)words.Count(known.Contains) / words.Length;
    }

    private static AnswerScore Same(double value) => new()
    {
        ExactMatch = value,
        CharacterExactMatch = value,
        Contains = value,
        F1 = value,
        CharacterF1 = value,
        RougeL = value,
        IsRefusal = false,
        Words = 0,
    };
}
