using TransferLab.Inference;

namespace TransferLab.Pipelines;

/// <summary>Columns between the steps of a pipeline, which are dropped at its end.</summary>
internal static class Columns
{
    public const string Image = "TransferLab.Image";
    public const string File = "TransferLab.File";
    public const string WideImage = "TransferLab.WideImage";
    public const string WidePixels = "TransferLab.WidePixels";
    public const string Pixels = "TransferLab.Pixels";
    public const string Probabilities = "TransferLab.Probabilities";
    public const string Scores = "TransferLab.Scores";
    public const string Features = "TransferLab.Features";
    public const string Text = TextWithVocabulary.TextColumn;
    public const string Vocabulary = TextWithVocabulary.VocabularyColumn;
    public const string Tokens = TextTokens.Column;

    /// <summary>A copy of a column of the user's that a step of ML.NET would hide.</summary>
    public static string Kept(string name) => $"TransferLab.Kept.{name}";
}
