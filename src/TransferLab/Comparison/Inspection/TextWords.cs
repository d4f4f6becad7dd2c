using System.Text.RegularExpressions;
using TransferLab.Networks;

namespace TransferLab.Comparison.Inspection;

/// <summary>A text in words, with the tokens of each: what is between spaces, and of scripts that write none, each character.</summary>
internal static partial class TextWords
{
    private const string Spaceless = @"\p{IsCJKUnifiedIdeographs}\p{IsHiragana}\p{IsKatakana}";

    /// <summary>Splits.</summary>
    /// <param name="text">The text.</param>
    /// <param name="encoder">Splits it into tokens.</param>
    /// <returns>Words with the white space around them, all together the text; each one's first token and the first behind it; null where cut off.</returns>
    public static IReadOnlyList<(string Text, (int From, int To)? Tokens)> Of(string text, TextEncoder encoder)
    {
        (int before, int after) = encoder.Around;
        (int limit, int from) = (encoder.MaxTokens - after, before);
        List<(string, (int, int)?)> words = [];
        foreach (Match word in Words().Matches(text))
        {
            if (from >= limit)
            {
                return [.. words, (text[word.Index..], null)];
            }

            // The tokens of a beginning of the text: a word's own are those that it adds. What a tokenizer joins across two characters counts as the second's.
            int to = Math.Max(from, Math.Min(limit, encoder.Tokens(text[..(word.Index + word.Value.TrimEnd().Length)], encoder.MaxTokens + 1).Length - after));
            words.Add((word.Value, (from, to)));
            from = to;
        }

        return words;
    }

    [GeneratedRegex($@"\s*(?:[{Spaceless}]|[^\s{Spaceless}]+)\s*", RegexOptions.CultureInvariant)]
    private static partial Regex Words();
}
