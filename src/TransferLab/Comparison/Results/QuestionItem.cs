namespace TransferLab.Comparison;

/// <summary>A test question as reports show it; in the order of every run's <see cref="RunResult.Answers"/>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Text">What was asked.</param>
/// <param name="Right">What counts as right, any of it.</param>
/// <param name="Reference">The reference answer, whose loss is measured.</param>
/// <param name="Cluster">Number of the cluster that it stands and falls with.</param>
/// <param name="Unanswerable">Whether the right answer is to say that there is none.</param>
public sealed record QuestionItem(string Name, string Text, IReadOnlyList<string> Right, string Reference, int Cluster, bool Unanswerable);
