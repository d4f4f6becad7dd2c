namespace TransferLab.Comparison;

/// <summary>The commonest words of English: by them a text is known as English, and they say nothing of an answer's content.</summary>
internal static class EnglishWords
{
    private const double LeastShare = 0.05;
    private const int MostTexts = 2000;

    // Those that are no common words of other languages in the same letters ("in", "is", "was", "of" and "an" are).
    private static readonly HashSet<string> s_telling = ["the", "and", "what", "which", "who", "when", "where", "how", "did", "does", "that", "with", "from",
        "were", "their", "are"];

    private static readonly HashSet<string> s_common =
    [
        .. s_telling, "a", "an", "in", "is", "was", "of", "to", "on", "at", "by", "for", "as", "it", "its", "be", "been", "has", "have", "had", "this", "these",
            "those", "or", "not",
        "but", "he", "she", "they", "his", "her", "them", "i", "you", "we", "do", "will", "would", "can", "could", "there",
    ];

    public static bool IsCommon(string word) => s_common.Contains(word);

    public static bool AreMost(IEnumerable<string> texts)
    {
        int words = 0, telling = 0;
        foreach (string word in texts.Take(MostTexts).SelectMany(text => new AnswerText(text, isEnglish: false).AllWords))
        {
            words++;
            telling += s_telling.Contains(word) ? 1 : 0;
        }

        return telling > LeastShare * words;
    }
}
