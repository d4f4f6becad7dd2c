using System.Text;

namespace TransferLab.Tests.Networks.Tokenizers;

/// <summary>Writes a SentencePiece model, as its format says.</summary>
internal static class SentencePieceFile
{
    public static byte[] Write(IEnumerable<(string Text, float Score, int Kind)> pieces, bool bpe, string normalization, byte[]? characterMap = null)
    {
        List<byte> file = [];
        foreach ((string text, float score, int kind) in pieces)
        {
            List<byte> piece = [];
            Add(piece, 1, Encoding.UTF8.GetBytes(text));
            piece.Add((2 << 3) | 5);
            piece.AddRange(BitConverter.GetBytes(score));
            AddNumber(piece, 3, kind);
            Add(file, 1, [.. piece]);
        }

        List<byte> trainer = [], normalizer = [];
        AddNumber(trainer, 3, bpe ? 2 : 1);
        AddNumber(trainer, 35, bpe ? 1 : 0);
        Add(normalizer, 1, Encoding.UTF8.GetBytes(normalization));
        if (characterMap is not null)
        {
            Add(normalizer, 2, characterMap);
        }

        Add(file, 2, [.. trainer]);
        Add(file, 3, [.. normalizer]);
        return [.. file];
    }

    private static void Add(List<byte> to, int field, byte[] content)
    {
        AddVarint(to, (uint)((field << 3) | 2));
        AddVarint(to, (uint)content.Length);
        to.AddRange(content);
    }

    private static void AddNumber(List<byte> to, int field, int value)
    {
        AddVarint(to, (uint)(field << 3));
        AddVarint(to, (uint)value);
    }

    private static void AddVarint(List<byte> to, uint value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            to.Add((byte)(value | 0x80));
        }

        to.Add((byte)value);
    }
}
