using System.Runtime.InteropServices;
using Lucene.Net.Documents;
using TransferLab.Data;

namespace TransferLab.Retrieval;

/// <summary>A passage with its vector, as an index keeps it.</summary>
/// <param name="Passage">The passage.</param>
/// <param name="Vector">Its embedding, of length 1; null in an index without.</param>
internal sealed record StoredPassage(Passage Passage, float[]? Vector)
{
    public const string IdField = "id", TextField = "text", SourceField = "source", VectorField = "vector";

    /// <summary>The form in which Lucene finds and keeps it.</summary>
    public Document ToDocument()
    {
        Document document =
        [
            new StringField(IdField, Passage.Id, Field.Store.YES),
            new TextField(TextField, Passage.Text, Field.Store.YES),
            new StoredField(SourceField, Passage.Source),
        ];
        if (Vector is not null)
        {
            document.Add(new StoredField(VectorField, MemoryMarshal.AsBytes(Vector.AsSpan()).ToArray()));
        }

        return document;
    }

    /// <summary>Back from it.</summary>
    /// <param name="document">Stored fields.</param>
    /// <param name="width">Numbers of a vector; 0 for none.</param>
    /// <returns>Null where something is missing.</returns>
    public static StoredPassage? From(Document document, int width)
    {
        byte[]? bytes = document.GetBinaryValue(VectorField) is { } value ? value.Bytes.AsSpan(value.Offset, value.Length).ToArray() : null;
        return document.Get(IdField) is { Length: > 0 } id && document.Get(SourceField) is { } source && document.Get(TextField) is { Length: > 0 } text
            && (bytes?.Length ?? 0) == width * sizeof(float)
            ? new(new(id, source, text), bytes is null ? null : MemoryMarshal.Cast<byte, float>(bytes).ToArray())
            : null;
    }
}
