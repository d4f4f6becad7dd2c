namespace TransferLab.Data;

/// <summary>What a file of questions holds.</summary>
/// <param name="Questions">Its rows.</param>
/// <param name="Passages">The passages that stand beside them; empty for most files.</param>
internal sealed record QuestionRows(IReadOnlyList<Question> Questions, IReadOnlyList<Passage> Passages);
