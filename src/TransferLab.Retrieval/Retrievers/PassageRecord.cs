using Microsoft.Extensions.VectorData;
using TransferLab.Data;

namespace TransferLab.Retrieval;

/// <summary>A passage as a record of a vector store.</summary>
public sealed class PassageRecord
{
    /// <summary>The passage's id.</summary>
    public string Id { get; set; } = "";

    /// <summary>The document that it comes from.</summary>
    public string Source { get; set; } = "";

    /// <summary>What it says.</summary>
    public string Text { get; set; } = "";

    /// <summary>Its embedding.</summary>
    public ReadOnlyMemory<float> Vector { get; set; }

    /// <summary>How a store keeps such records: for <c>store.GetCollection&lt;string, PassageRecord&gt;(name, definition)</c>.</summary>
    /// <param name="width">Numbers of a vector.</param>
    public static VectorStoreCollectionDefinition Definition(int width) => new()
    {
        Properties =
        [
            new VectorStoreKeyProperty(nameof(Id), typeof(string)),
            new VectorStoreDataProperty(nameof(Source), typeof(string)) { IsIndexed = true },
            new VectorStoreDataProperty(nameof(Text), typeof(string)),
            new VectorStoreVectorProperty(nameof(Vector), typeof(ReadOnlyMemory<float>), width) { DistanceFunction = DistanceFunction.CosineSimilarity },
        ],
    };

    internal static PassageRecord Of(Passage passage, float[] vector) =>
        new() { Id = passage.Id, Source = passage.Source, Text = passage.Text, Vector = vector };

    internal Passage ToPassage() => new(Id, Source, Text);
}
