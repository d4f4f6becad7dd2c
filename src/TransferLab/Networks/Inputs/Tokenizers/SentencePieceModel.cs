using System.Buffers.Binary;
using System.Text;

namespace TransferLab.Networks;

/// <summary>What a SentencePiece <c>tokenizer.model</c> says: a small reader of that one Protocol Buffers message, with bounds.</summary>
internal sealed class SentencePieceModel
{
    private readonly List<SentencePiece> _pieces = [];

    public IReadOnlyList<SentencePiece> Pieces => _pieces;

    /// <summary>Byte pairs, and not unigrams.</summary>
    public bool IsBpe { get; private set; }

    public bool ByteFallback { get; private set; }

    /// <summary>A space is put before the text.</summary>
    public bool AddDummyPrefix { get; private set; } = true;

    /// <summary>Spaces at the ends, and all but one of several, are dropped.</summary>
    public bool RemoveExtraWhitespaces { get; private set; } = true;

    /// <summary>The table of normalised characters; empty where there is none.</summary>
    public byte[] CharacterMap { get; private set; } = [];

    /// <summary>The name of the normalisation, such as nmt_nfkc.</summary>
    public string Normalization { get; private set; } = "";

    /// <exception cref="TokenizerException">It is no such file.</exception>
    public static SentencePieceModel Read(ReadOnlySpan<byte> file, string origin)
    {
        SentencePieceModel model = new();
        try
        {
            ProtoReader reader = new(file);
            while (reader.Next(out int field, out int wire))
            {
                switch (field, wire)
                {
                    case (1, ProtoReader.Bytes):
                        model.AddPiece(reader.ReadBytes());
                        break;
                    case (2, ProtoReader.Bytes):
                        model.ReadTrainer(reader.ReadBytes());
                        break;
                    case (3, ProtoReader.Bytes):
                        model.ReadNormalizer(reader.ReadBytes());
                        break;
                    default:
                        reader.Skip(wire);
                        break;
                }
            }
        }
        catch (InvalidDataException e)
        {
            throw new TokenizerException($"{origin}: no SentencePiece model ({e.Message}).", e);
        }

        return model._pieces.Count > 0 ? model : throw new TokenizerException($"{origin}: no SentencePiece model (it has no pieces).");
    }

    private void AddPiece(ReadOnlySpan<byte> message)
    {
        if (_pieces.Count == TokenizerJson.MostTokens)
        {
            throw new InvalidDataException($"it has more than {TokenizerJson.MostTokens:N0} pieces");
        }

        string text = "";
        float score = 0;
        SentencePieceKind kind = SentencePieceKind.Normal;
        ProtoReader reader = new(message);
        while (reader.Next(out int field, out int wire))
        {
            switch (field, wire)
            {
                case (1, ProtoReader.Bytes):
                    text = reader.ReadText();
                    break;
                case (2, ProtoReader.Fixed32):
                    score = reader.ReadFloat();
                    break;
                case (3, ProtoReader.Varint):
                    kind = (SentencePieceKind)Math.Min(reader.ReadVarint(), int.MaxValue);
                    break;
                default:
                    reader.Skip(wire);
                    break;
            }
        }

        bool sound = float.IsFinite(score) && Enum.IsDefined(kind);
        _pieces.Add(sound ? new(text, score, kind) : throw new InvalidDataException($"piece {_pieces.Count} has no score or kind"));
    }

    private void ReadTrainer(ReadOnlySpan<byte> message)
    {
        ProtoReader reader = new(message);
        while (reader.Next(out int field, out int wire))
        {
            switch (field, wire)
            {
                case (3, ProtoReader.Varint):
                    ulong kind = reader.ReadVarint();
                    IsBpe = kind is 1 or 2 ? kind == 2 : throw new InvalidDataException("it consists of words or characters; unigrams and byte pairs are read");
                    break;
                case (35, ProtoReader.Varint):
                    ByteFallback = reader.ReadVarint() != 0;
                    break;
                default:
                    reader.Skip(wire);
                    break;
            }
        }
    }

    private void ReadNormalizer(ReadOnlySpan<byte> message)
    {
        ProtoReader reader = new(message);
        while (reader.Next(out int field, out int wire))
        {
            switch (field, wire)
            {
                case (1, ProtoReader.Bytes):
                    Normalization = reader.ReadText();
                    break;
                case (2, ProtoReader.Bytes):
                    CharacterMap = reader.ReadBytes().ToArray();
                    break;
                case (3, ProtoReader.Varint):
                    AddDummyPrefix = reader.ReadVarint() != 0;
                    break;
                case (4, ProtoReader.Varint):
                    RemoveExtraWhitespaces = reader.ReadVarint() != 0;
                    break;
                default:
                    reader.Skip(wire);
                    break;
            }
        }
    }

    /// <summary>The wire format of Protocol Buffers, as far as it is met here.</summary>
    private ref struct ProtoReader(ReadOnlySpan<byte> data)
    {
        public const int Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5;
        private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);
        private ReadOnlySpan<byte> _left = data;

        public bool Next(out int field, out int wire)
        {
            (field, wire) = (0, 0);
            if (_left.IsEmpty)
            {
                return false;
            }

            ulong tag = ReadVarint();
            (field, wire) = ((int)(tag >> 3 & 0x1FFF_FFFF), (int)(tag & 7));
            return tag >> 3 is > 0 and <= 0x1FFF_FFFF ? true : throw new InvalidDataException("a field has no number");
        }

        public ulong ReadVarint()
        {
            ulong value = 0;
            for (int i = 0; i < 10; i++)
            {
                byte part = Take(1)[0];
                value |= (ulong)(part & 0x7F) << (7 * i);
                if (part < 0x80)
                {
                    return value;
                }
            }

            throw new InvalidDataException("a number is too long");
        }

        public ReadOnlySpan<byte> ReadBytes() => Take(ReadVarint());

        public float ReadFloat() => BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float)));

        public string ReadText()
        {
            try
            {
                return s_strict.GetString(ReadBytes());
            }
            catch (DecoderFallbackException e)
            {
                throw new InvalidDataException("a text is not UTF-8", e);
            }
        }

        public void Skip(int wire)
        {
            switch (wire)
            {
                case Varint:
                    ReadVarint();
                    break;
                case Bytes:
                    ReadBytes();
                    break;
                case Fixed32 or Fixed64:
                    Take(wire == Fixed32 ? 4u : 8u);
                    break;
                default:
                    throw new InvalidDataException($"wire type {wire} is unknown");
            }
        }

        private ReadOnlySpan<byte> Take(ulong count)
        {
            if (count > (ulong)_left.Length)
            {
                throw new InvalidDataException("it ends in the middle");
            }

            ReadOnlySpan<byte> taken = _left[..(int)count];
            _left = _left[(int)count..];
            return taken;
        }
    }
}
