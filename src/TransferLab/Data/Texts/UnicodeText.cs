using System.Text;

namespace TransferLab.Data;

/// <summary>Unicode's forms of any text, also of one that is not well formed.</summary>
internal static class UnicodeText
{
    /// <summary>A text in a form. Half surrogate pairs and code points that are no characters (U+FFFE, U+FFFF), which have no form, count as U+FFFD.</summary>
    public static string Normalized(string text, NormalizationForm form = NormalizationForm.FormC)
    {
        try
        {
            return text.Normalize(form);
        }
        catch (ArgumentException)
        {
            return string.Concat(text.EnumerateRunes().Select(rune => (rune.Value & 0xFFFE) == 0xFFFE ? Rune.ReplacementChar : rune)).Normalize(form);
        }
    }

    /// <summary>The beginning of a text, without half a surrogate pair at its end.</summary>
    public static string Head(string text, int most) =>
        text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
}
