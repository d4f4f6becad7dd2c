namespace TransferLab.Comparison;

/// <summary>How good ways of answering are with more and more training questions.</summary>
internal static class AnswerCurves
{
    /// <summary>The ways that smaller sizes are compared in: those that can be used, or need no model, and depend on training questions.</summary>
    public static IReadOnlyList<AnswerWay> Ways(IReadOnlyList<AnswerWay> ways) =>
        [.. ways.Where(way => way.NeedsTraining && (way.CanBeUsed || !way.HasModel))];

    /// <summary>One curve a way; of those that depend on no training question, a level one.</summary>
    /// <param name="sizes">Numbers of training questions, the smallest first, with what was found; the last one has all ways.</param>
    public static IReadOnlyList<LearningCurve> Of(IReadOnlyList<(int Size, ComparisonResults Results)> sizes) => [.. sizes[^1].Results.Strategies
        .Where(row => sizes[0].Results.Strategies.Any(other => other.Name == row.Name) || row.Strategy is null)
        .Select(row => new LearningCurve
        {
            Strategy = row.Name,
            Points = [.. sizes.Select(size => Point(size.Size, size.Results.Strategies.FirstOrDefault(other => other.Name == row.Name) ?? row))],
        })];

    private static LearningCurvePoint Point(int size, StrategyResult row) => new()
    {
        PerClass = size,
        Examples = size,
        Accuracy = row.Accuracy,
        Accuracies = [.. AnswerStatistics.Runs(row).Select(run => run.Accuracy)],
        MacroF1 = row.MacroF1,
        LogLoss = row.LogLoss,
        TrainSeconds = row.TrainSeconds,
    };
}
