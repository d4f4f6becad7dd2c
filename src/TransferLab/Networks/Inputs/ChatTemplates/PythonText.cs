namespace TransferLab.Networks;

/// <summary>What templates do to texts, as Python does it.</summary>
internal static class PythonText
{
    /// <summary>Without white space at both ends; Python counts four separators more than .NET.</summary>
    public static string Trim(string text)
    {
        int first = 0, end = text.Length;
        while (first < end && IsSpace(text[first]))
        {
            first++;
        }

        while (end > first && IsSpace(text[end - 1]))
        {
            end--;
        }

        return text[first..end];
    }

    public static bool IsSpace(char character) => char.IsWhiteSpace(character) || character is >= '\u001c' and <= '\u001f';
}
