namespace TransferLab.Comparison;

/// <summary>A test example as reports show it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Label">Index of its true class.</param>
public sealed record TestExample(string Name, int Label);
