using System.Globalization;
using TransferLab.Training;

namespace TransferLab.Comparison;

/// <summary>Says what a search of rates would cost where fine-tuning loses and examples are few: there its usual rates are the likeliest to be wrong.</summary>
internal static class UntriedRates
{
    /// <summary>One sentence on the first model whose fine-tuning is behind freezing; nothing where rates were tried, or examples are many.</summary>
    /// <param name="rows">The rows with their runs.</param>
    /// <param name="options">How they were compared.</param>
    /// <param name="trainExamples">Training examples of a run.</param>
    public static IReadOnlyList<string> Warnings(IReadOnlyList<StrategyResult> rows, ComparisonOptions options, int trainExamples)
    {
        if (options.Rates == RateChoice.Searched || options.Tune > 1 || options.Budget is not null || !EpochPlan.IsFew(trainExamples))
        {
            return [];
        }

        return [.. rows.Where(row => row.End == SpectrumEnd.FineTuned && rows.Any(frozen => frozen.End == SpectrumEnd.Frozen
                && frozen.Model == row.Model && frozen.Context == row.Context && frozen.Accuracy.Value > row.Accuracy.Value))
            .Take(1)
            .Select(row => string.Create(CultureInfo.InvariantCulture,
                $"{row.Name} is behind freezing at its usual rates, which were not chosen for as few as {trainExamples} examples: to try four on them first "
                    + $"(option Rates) takes about {Math.Max(1, Math.Round(RateSearch.TimesOfFew * row.TrainSeconds)):N0} s more a seed."))];
    }
}
