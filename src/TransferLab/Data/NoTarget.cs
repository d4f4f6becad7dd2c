namespace TransferLab.Data;

/// <summary>An example without a target.</summary>
public sealed record NoTarget : Target;
