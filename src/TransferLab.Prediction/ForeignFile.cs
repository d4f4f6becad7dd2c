namespace TransferLab.Data;

/// <summary>Files that are something else than their name says, told from their first bytes.</summary>
internal static class ForeignFile
{
    /// <summary>What a file is and what to do, such as <c>a Git LFS pointer ...; run 'git lfs pull'</c>; null where it is none of the kinds known
    /// here.</summary>
    /// <param name="head">Its first bytes, 64 or more where it has as many.</param>
    public static string? Describe(ReadOnlySpan<byte> head) =>
        head.StartsWith("version https://git-lfs.github.com/"u8) ? "a Git LFS pointer, the content is not here; run 'git lfs pull'"
        : head.StartsWith("/annex/objects/"u8) || head.StartsWith("../.git/annex/"u8) ? "a git-annex pointer, the content is not here; run 'git annex get'"
        : head.StartsWith("PK\x3\x4"u8) || head.StartsWith("PK\x5\x6"u8)
            ? "a ZIP archive, as Excel's .xlsx is; save a workbook as CSV UTF-8, or unpack an archive"
        : head.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1])
            ? "a file of old Office, as Excel's .xls is; save it as CSV UTF-8"
        : head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) ? "a gzip archive; unpack it"
        : head.StartsWith("BZh"u8) && head.Length > 3 && head[3] is >= (byte)'1' and <= (byte)'9' ? "a bzip2 archive; unpack it"
        : head.StartsWith((ReadOnlySpan<byte>)[0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z']) ? "an xz archive; unpack it"
        : head.StartsWith((ReadOnlySpan<byte>)[(byte)'7', (byte)'z', 0xBC, 0xAF]) ? "a 7z archive; unpack it"
        : head.StartsWith("PAR1"u8) ? "a Parquet file; write it as CSV or JSON Lines"
        : head.StartsWith("SQLite format 3"u8) ? "an SQLite database; write its table as CSV"
        : head.StartsWith("%PDF-"u8) ? "a PDF; take its text or pictures out"
        : IsPage(head) ? "a web page, probably an error of a download; get the file again"
        : Picture(head);

    private static string? Picture(ReadOnlySpan<byte> head) => head switch
    {
        [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..] => "a TIFF, which is not supported; convert it to PNG or JPEG",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] => Container(head[8..]),
        [0, 0, 0, 12, (byte)'j', (byte)'P', (byte)' ', (byte)' ', ..] => "a JPEG 2000, which is not supported; convert it to PNG or JPEG",
        [0, 0, 0, 12, (byte)'J', (byte)'X', (byte)'L', (byte)' ', ..] or [0xFF, 0x0A, ..] => "a JPEG XL, which is not supported; convert it to PNG or JPEG",
        [(byte)'8', (byte)'B', (byte)'P', (byte)'S', ..] => "a Photoshop file, which is not supported; convert it to PNG or JPEG",
        _ => head.StartsWith("<svg"u8) ? "an SVG drawing, which is not supported; convert it to PNG" : null,
    };

    /// <summary>ISO base media files say what they hold by four letters.</summary>
    private static string? Container(ReadOnlySpan<byte> brand) =>
        brand.StartsWith("avif"u8) || brand.StartsWith("avis"u8) ? "an AVIF, which is not supported; convert it to PNG or JPEG"
        : brand.StartsWith("hei"u8) || brand.StartsWith("hev"u8) || brand.StartsWith("mif1"u8) || brand.StartsWith("msf1"u8)
            ? "a HEIC photograph, which is not supported; convert it to JPEG (a telephone can be set to take JPEG)"
            : "a video or another media file; take pictures out of it";

    private static bool IsPage(ReadOnlySpan<byte> head)
    {
        ReadOnlySpan<byte> start = head.TrimStart((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF, (byte)' ', (byte)'\t', (byte)'\r', (byte)'\n']);
        return System.Text.Ascii.EqualsIgnoreCase(start[..Math.Min(start.Length, 14)], "<!doctype html"u8)
            || System.Text.Ascii.EqualsIgnoreCase(start[..Math.Min(start.Length, 5)], "<html"u8);
    }
}
