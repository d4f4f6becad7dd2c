namespace TransferLab.Training;

/// <summary>How far an epoch has come.</summary>
/// <param name="Steps">Steps made.</param>
/// <param name="Loss">Sum of their losses, each times its predictions.</param>
/// <param name="Score">Sum of their scores.</param>
/// <param name="Seen">Their predictions.</param>
internal readonly record struct PartOfEpoch(int Steps, double Loss, double Score, long Seen);
