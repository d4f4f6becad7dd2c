using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace TransferLab.Networks;

/// <summary>
/// SentencePiece's table of normalised characters: the length of a double-array trie in bytes, the trie, and the strings that it leads to, each
/// ended by a zero byte.
/// </summary>
internal static class CharacterMap
{
    private const int Length = sizeof(uint);

    /// <summary>Whether no text can lead a reader outside of the table.</summary>
    public static bool IsSound(ReadOnlySpan<byte> map)
    {
        if (map.Length < Length)
        {
            return false;
        }

        uint trie = BinaryPrimitives.ReadUInt32LittleEndian(map);
        if (trie == 0 || trie % sizeof(uint) != 0 || trie > map.Length - Length)
        {
            return false;
        }

        ReadOnlySpan<byte> strings = map[(Length + (int)trie)..];
        int units = (int)(trie / sizeof(uint));
        if (!Utf8.IsValid(strings))
        {
            return false;
        }

        for (int i = 0; i < units; i++)
        {
            uint unit = Unit(map, i);
            if (!(unit >> 31 == 1 ? IsString(unit & 0x7FFF_FFFF, strings) : HasChildren(map, (uint)i, unit, (uint)units)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A leaf says where its string begins.</summary>
    private static bool IsString(uint at, ReadOnlySpan<byte> strings) => at <= strings.Length && (at == strings.Length || (strings[(int)at] & 0xC0) != 0x80);

    /// <summary>An inner unit's children lie in one block of 256, the first of which is a leaf where the unit says so.</summary>
    private static bool HasChildren(ReadOnlySpan<byte> map, uint place, uint unit, uint units)
    {
        uint first = place ^ ((unit >> 10) << (int)((unit & (1u << 9)) >> 6));
        return (first | 0xFF) < units && ((unit & (1u << 8)) == 0 || Unit(map, (int)first) >> 31 == 1);
    }

    private static uint Unit(ReadOnlySpan<byte> map, int place) => BinaryPrimitives.ReadUInt32LittleEndian(map[(Length + (place * sizeof(uint)))..]);
}
