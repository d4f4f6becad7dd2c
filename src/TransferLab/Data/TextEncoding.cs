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
    // UTF-16 has a zero byte in every ASCII character, so at least in blanks, separators and line breaks; a page of it shows.
    private const int Sample = 4096;
    private const int LeastZeros = 16;

    public static TextEncoding Detect(ReadOnlySpan<byte> head) => head switch
    {
        [0xEF, 0xBB, 0xBF, ..] => new("UTF-8", false, false, 3),
        [0xFF, 0xFE, ..] => new("UTF-16", true, false, 2),
        [0xFE, 0xFF, ..] => new("UTF-16", true, true, 2),
        _ => WithoutMark(head[..Math.Min(head.Length, Sample)]),
    };

    private static TextEncoding WithoutMark(ReadOnlySpan<byte> head)
    {
        int even = 0;
        int odd = 0;
        for (int i = 0; i + 1 < head.Length; i += 2)
        {
            even += head[i] == 0 ? 1 : 0;
            odd += head[i + 1] == 0 ? 1 : 0;
        }

        bool oneSided = even == 0 != (odd == 0);
        bool startsWithAscii = head.Length >= 2 && head[0] == 0 != (head[1] == 0);
        bool wide = oneSided && (startsWithAscii || (even + odd) * LeastZeros * 2 >= head.Length || !IsUtf8(head));
        return wide ? new("UTF-16", true, even > 0, 0) : new("UTF-8", false, false, 0);
    }

    private static bool IsUtf8(ReadOnlySpan<byte> head) => Utf8.ToUtf16(
        head, new char[head.Length], out _, out _, replaceInvalidSequences: false, isFinalBlock: false) != OperationStatus.InvalidData;
}
