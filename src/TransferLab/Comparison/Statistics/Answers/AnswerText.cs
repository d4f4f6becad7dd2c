using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using TransferLab.Data;

namespace TransferLab.Comparison;

/// <summary>A text as answers are compared: normalised, split to words and characters.</summary>
internal sealed partial class AnswerText
{
    /// <summary>Normalises and splits.</summary>
    /// <param name="text">Anything; half surrogate pairs count as a character.</param>
    /// <param name="isEnglish">Whether SQuAD's own rules hold: ASCII punctuation and articles are dropped.</param>
    public AnswerText(string text, bool isEnglish)
    {
        string plain = WithoutPunctuation(text, isEnglish);
        AllWords = Split(plain);
        string kept = isEnglish ? Articles().Replace(plain, " ") : plain;
        Words = isEnglish ? Split(kept) : AllWords;
        Normalised = string.Join(' ', kept.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Compact = Normalised.Replace(" ", "", StringComparison.Ordinal);
        Characters = Elements(Compact);
    }

    /// <summary>Lower case, without punctuation (and articles), single blanks.</summary>
    public string Normalised { get; }

    /// <summary>The same without blanks.</summary>
    public string Compact { get; }

    /// <summary>Words of <see cref="Normalised"/>; each character of a script without blanks is one.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>Words with the articles.</summary>
    public IReadOnlyList<string> AllWords { get; }

    /// <summary>Characters of <see cref="Compact"/>, marks with the letter that they stand on.</summary>
    public IReadOnlyList<string> Characters { get; }

    /// <summary>
    /// Whether another text stands within this one: as whole words, or anywhere where its script has no blanks or hangs particles to its words. Numbers are
    /// never cut.
    /// </summary>
    public bool Holds(AnswerText other)
    {
        bool isAnywhere = other.Compact.Any(c => Scripts.IsUnspaced(c) || Scripts.IsHangul(c));
        (string text, string part) = isAnywhere ? (Compact, other.Compact) : (Normalised, other.Normalised);
        if (part.Length == 0)
        {
            if (text.Length == 0 || other.AllWords.Count == 0)
            {
                return text.Length == 0; // As SQuAD's rules have it for the whole answer.
            }

            (text, part) = (string.Join(' ', AllWords), string.Join(' ', other.AllWords)); // Nothing but articles: choice "A" of several.
        }

        for (int at = text.IndexOf(part, StringComparison.Ordinal); at >= 0; at = text.IndexOf(part, at + 1, StringComparison.Ordinal))
        {
            int end = at + part.Length;
            if ((at == 0 || !AreOne(text[at - 1], text[at], isAnywhere)) && (end == text.Length || !AreOne(text[end - 1], text[end], isAnywhere)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool AreOne(char left, char right, bool isAnywhere) => isAnywhere ? char.IsDigit(left) && char.IsDigit(right) : left != ' ' && right != ' ';

    private static string WithoutPunctuation(string text, bool asciiOnly)
    {
        StringBuilder kept = new(text.Length);
        string composed = IsWellFormed(text) ? text.Normalize(asciiOnly ? NormalizationForm.FormC : NormalizationForm.FormKC) : text;
        foreach (char c in composed.ToLowerInvariant())
        {
            bool isDropped = char.IsAscii(c) ? char.IsPunctuation(c) || char.IsSymbol(c) : !asciiOnly && char.IsPunctuation(c);
            if (!isDropped)
            {
                kept.Append(c);
            }
        }

        return kept.ToString();
    }

    // Normalize refuses half a surrogate pair.
    private static bool IsWellFormed(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && !(char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[++i])))
            {
                return false;
            }
        }

        return true;
    }

    private static List<string> Split(string text)
    {
        List<string> words = [];
        foreach (string run in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            int from = 0;
            foreach ((int at, int length) in Unspaced(run))
            {
                Add(run[from..at]);
                words.Add(run.Substring(at, length));
                from = at + length;
            }

            Add(run[from..]);
        }

        return words;

        void Add(string word)
        {
            if (word.Length > 0)
            {
                words.Add(word);
            }
        }
    }

    /// <summary>Where characters of scripts without blanks stand, each with its marks.</summary>
    private static IEnumerable<(int At, int Length)> Unspaced(string run)
    {
        for (int i = 0; i < run.Length; i++)
        {
            if (!Scripts.IsUnspaced(run[i]))
            {
                continue;
            }

            int length = StringInfo.GetNextTextElementLength(run, i);
            yield return (i, length);
            i += length - 1;
        }
    }

    private static List<string> Elements(string text)
    {
        List<string> elements = [];
        for (int i = 0; i < text.Length; i += elements[^1].Length)
        {
            elements.Add(StringInfo.GetNextTextElement(text, i));
        }

        return elements;
    }

    [GeneratedRegex(@"\b(a|an|the)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Articles();
}
