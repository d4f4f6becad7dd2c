namespace TransferLab.Data;

/// <summary>Scripts by how their words are found.</summary>
internal static class Scripts
{
    /// <summary>Chinese, Japanese, and the scripts of South-East Asia, which write no blanks between words.</summary>
    public static bool IsUnspaced(char c) =>
        c is (>= '\u3005' and <= '\u3007') or (>= '\u3040' and <= '\u30FF') or (>= '\u3400' and <= '\u9FFF') or (>= '\uF900' and <= '\uFAFF')
        or (>= '\uD840' and <= '\uD888') or (>= '\u0E00' and <= '\u0EFF') or (>= '\u1000' and <= '\u109F') or (>= '\u1780' and <= '\u17FF');

    /// <summary>Korean, whose words carry particles.</summary>
    public static bool IsHangul(char c) => c is (>= '\uAC00' and <= '\uD7A3') or (>= '\u1100' and <= '\u11FF') or (>= '\u3130' and <= '\u318F');

    /// <summary>The share of letters that are searched by pairs of characters.</summary>
    public static double PairedShare(IEnumerable<string> texts)
    {
        long letters = 0, paired = 0;
        foreach (char c in texts.SelectMany(text => text))
        {
            bool isPaired = IsUnspaced(c) || IsHangul(c);
            paired += isPaired ? 1 : 0;
            letters += isPaired || char.IsLetter(c) ? 1 : 0;
        }

        return letters == 0 ? 0 : (double)paired / letters;
    }
}
