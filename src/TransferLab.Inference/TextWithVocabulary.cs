using Microsoft.ML.Data;

namespace TransferLab.Inference;

/// <summary>What the tokenizer of a saved ML.NET model reads. The model itself fills the columns; an application has no need of this type.</summary>
public sealed class TextWithVocabulary
{
    /// <summary>Name of the column of the text.</summary>
    public const string TextColumn = "TransferLab.Text";

    /// <summary>Name of the column of the vocabulary.</summary>
    public const string VocabularyColumn = "TransferLab.Vocabulary";

    /// <summary>The text.</summary>
    [ColumnName(TextColumn)]
    public ReadOnlyMemory<char> Text { get; set; }

    /// <summary>The longest input of the network in tokens, and after a line break the vocabulary, one piece a line; the same for every row.</summary>
    [ColumnName(VocabularyColumn)]
    public ReadOnlyMemory<char> Vocabulary { get; set; }
}
