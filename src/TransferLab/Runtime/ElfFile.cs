using System.Buffers.Binary;
using System.Text;

namespace TransferLab.Runtime;

/// <summary>The one thing the loader needs of the ELF format: making a needed symbol version optional.</summary>
internal static class ElfFile
{
    private const uint SectionVersionNeeds = 0x6ffffffe; // SHT_GNU_verneed
    private const ushort WeakFlag = 0x2;                 // VER_FLG_WEAK

    /// <summary>
    /// Sets the weak flag of the version <paramref name="name"/> in the table of needed versions, so that the dynamic linker only
    /// warns where it is absent. Valid only for a version none of whose symbols is called.
    /// </summary>
    /// <returns>Whether the version was found; the image is unchanged otherwise.</returns>
    /// <remarks>Linux Standard Base, "Symbol Version Requirements": 64-bit little-endian Verneed and Vernaux entries of 16 bytes.</remarks>
    public static bool MakeVersionOptional(byte[] image, string name)
    {
        ReadOnlySpan<byte> file = image;
        if (file.Length < 64 || !file[..6].SequenceEqual("\u007fELF\u0002\u0001"u8))
        {
            return false;
        }

        try
        {
            return FindVersion(file, name) is { } flags && Mark(image, flags);
        }
        catch (ArgumentOutOfRangeException)
        {
            return false; // A truncated or damaged file.
        }
    }

    private static bool Mark(byte[] image, int flags)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(flags), WeakFlag);
        return true;
    }

    /// <summary>Offset of the flags of the version's Vernaux entry.</summary>
    private static int? FindVersion(ReadOnlySpan<byte> file, string name)
    {
        int sections = (int)U64(file, 0x28);
        int entrySize = U16(file, 0x3a);
        for (int i = 0, count = U16(file, 0x3c); i < count; i++)
        {
            int section = sections + (i * entrySize);
            if (U32(file, section + 4) != SectionVersionNeeds)
            {
                continue;
            }

            int strings = (int)U64(file, sections + ((int)U32(file, section + 40) * entrySize) + 24);
            int need = (int)U64(file, section + 24);
            for (int entries = (int)U32(file, section + 44); entries > 0; entries--)
            {
                if (FindIn(file, need, strings, name) is { } found)
                {
                    return found;
                }

                need += (int)U32(file, need + 12);
            }
        }

        return null;
    }

    private static int? FindIn(ReadOnlySpan<byte> file, int need, int strings, string name)
    {
        int version = need + (int)U32(file, need + 8);
        for (int left = U16(file, need + 2); left > 0; left--)
        {
            ReadOnlySpan<byte> text = file[(strings + (int)U32(file, version + 8))..];
            if (text[..text.IndexOf((byte)0)].SequenceEqual(Encoding.ASCII.GetBytes(name)))
            {
                return version + 4;
            }

            version += (int)U32(file, version + 12);
        }

        return null;
    }

    private static ushort U16(ReadOnlySpan<byte> file, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(file[offset..]);

    private static uint U32(ReadOnlySpan<byte> file, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(file[offset..]);

    private static ulong U64(ReadOnlySpan<byte> file, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(file[offset..]);
}
