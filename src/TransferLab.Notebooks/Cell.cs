namespace TransferLab.Notebooks;

/// <summary>A cell of a lesson.</summary>
/// <param name="IsMarkdown">Text, or else C#.</param>
/// <param name="Source">What it holds, lines ended by '\n', without the comment marks of markdown.</param>
internal sealed record Cell(bool IsMarkdown, string Source);
