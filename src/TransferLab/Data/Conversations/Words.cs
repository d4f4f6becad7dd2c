using System.Text;

namespace TransferLab.Data;

/// <summary>The words of a text for comparisons: in capitals, without punctuation; where a script has no blanks, every two characters.</summary>
internal static class Words
{
    public static List<string> Of(string text)
    {
        List<string> words = [];
        StringBuilder word = new();
        char before = '\0';
        foreach (char c in UnicodeText.Normalized(text, NormalizationForm.FormKC).ToUpperInvariant())
        {
            if (IsUnspaced(c))
            {
                End();
                words.Add(before == '\0' ? c.ToString() : $"{before}{c}");
                before = c;
                continue;
            }

            before = '\0';
            if (char.IsLetterOrDigit(c) || char.IsSurrogate(c)
                || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.NonSpacingMark
                    or System.Globalization.UnicodeCategory.SpacingCombiningMark)
            {
                word.Append(c);
            }
            else
            {
                End();
            }
        }

        End();
        return words;

        void End()
        {
            if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }
    }

    // Chinese and Japanese, and the scripts of South-East Asia.
    private static bool IsUnspaced(char c) =>
        c is (>= '\u3040' and <= '\u30FF') or (>= '\u3400' and <= '\u9FFF') or (>= '\u0E00' and <= '\u0EFF') or (>= '\u1000' and <= '\u109F')
            or (>= '\u1780' and <= '\u17FF');
}
