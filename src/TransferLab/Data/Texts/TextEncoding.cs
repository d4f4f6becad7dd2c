using System.Buffers;
using System.Text.Unicode;

namespace TransferLab.Data;

/// <summary>The encoding of a text file, told from its first bytes.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Wide">UTF-16; otherwise UTF-8.</param>
/// <param name="BigEndian">Of UTF-16, the order in which the high byte comes first.</param>
/// <param name="MarkLength">Bytes of the byte order mark.</param>
internal readonly record struct TextEncoding(string Name, bool Wide, bool BigEndian, int MarkLength)
{
    // A page, of which at least one character in 64 is a separator.
    private const int Sample = 4096;
    private const int Share = 64;

    private static ReadOnlySpan<byte> Separators => "\t\n\r \",{"u8;

    public static TextEncoding Detect(ReadOnlySpan<byte> head) => head switch
    {
        [0xEF, 0xBB, 0xBF, ..] => new("UTF-8", false, false, 3),
        [0xFF, 0xFE, ..] => new("UTF-16", true, false, 2),
        [0xFE, 0xFF, ..] => new("UTF-16", true, true, 2),
        _ => WithoutMark(head[..Math.Min(head.Length, Sample)]),
    };

    private static TextEncoding WithoutMark(ReadOnlySpan<byte> head)
    {
        // In UTF-16 the separators and line breaks have a zero byte beside them, so a first line without one is UTF-8, whatever zeros come later.
        ReadOnlySpan<byte> first = head[..Math.Max(0, head.IndexOfAny((byte)'\n', (byte)'\r'))];
        if (first.IndexOfAny(Separators) >= 0 && first.IndexOf((byte)0) < 0 && IsUtf8(first))
        {
            return new("UTF-8", false, false, 0);
        }

        // Zero bytes alone do not tell the order: U+4E00, a common character, has one too. The separators turned round are rare ones.
        int little = 0;
        int big = 0;
        for (int i = 0; i + 1 < head.Length; i += 2)
        {
            little += head[i + 1] == 0 && Separators.Contains(head[i]) ? 1 : 0;
            big += head[i] == 0 && Separators.Contains(head[i + 1]) ? 1 : 0;
        }

        bool startsWithAscii = head.Length >= 2 && head[0] == 0 != (head[1] == 0);
        bool wide = little != big && (startsWithAscii || (little + big) * 2 * Share >= head.Length || !IsUtf8(head));
        return wide ? new("UTF-16", true, big > little, 0) : new("UTF-8", false, false, 0);
    }

    private static bool IsUtf8(ReadOnlySpan<byte> head) => Utf8.ToUtf16(
        head, new char[head.Length], out _, out _, replaceInvalidSequences: false, isFinalBlock: false) != OperationStatus.InvalidData;
}
