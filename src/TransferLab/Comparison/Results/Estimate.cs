namespace TransferLab.Comparison;

/// <summary>A value with its 95 % interval.</summary>
public sealed record Estimate(double Value, double Low, double High);
