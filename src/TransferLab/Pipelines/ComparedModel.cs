using TransferLab.Comparison;

namespace TransferLab.Pipelines;

/// <summary>What one strategy of a comparison left.</summary>
/// <param name="Result">Its figures over all seeds.</param>
/// <param name="Model">Its model of the first seed; <c>ml.Model.Save</c> writes it.</param>
public sealed record ComparedModel(StrategyResult Result, TransferTransformer Model);
