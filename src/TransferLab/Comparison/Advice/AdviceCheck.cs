using TransferLab.Strategies;

namespace TransferLab.Comparison.Advice;

/// <summary>How often advice was right: every data set in turn is predicted from the others alone.</summary>
public sealed record AdviceCheck
{
    /// <summary>One line a measured comparison.</summary>
    public required IReadOnlyList<AdviceCheckLine> Lines { get; init; }

    /// <summary>Recommendations that were no worse than the best measured one of the strategies in question, or within its interval.</summary>
    public int Right => Lines.Count(line => line.IsRight);

    /// <summary>Accuracy lost against always knowing the better of <c>frozen</c> and <c>full</c>, mean.</summary>
    public double Regret => Lines.Average(line => Math.Max(line.Measured.Value, 0) - (line.Recommended == StrategyCatalog.Frozen ? 0 : line.Measured.Value));

    /// <summary>The same of always freezing.</summary>
    public double RegretOfFrozen => Lines.Average(line => Math.Max(line.Measured.Value, 0));

    /// <summary>The same of always fine-tuning everything.</summary>
    public double RegretOfFull => Lines.Average(line => Math.Max(line.Measured.Value, 0) - line.Measured.Value);

    /// <summary>Share of gains that lie in their predicted interval, which is to be 0.9.</summary>
    public double Covered => Lines.Count(line => line.Measured.Value >= line.Predicted.Low && line.Measured.Value <= line.Predicted.High) / (double)Lines.Count;

    /// <summary>Mean distance between predicted and measured gain.</summary>
    public double Error => Lines.Average(line => Math.Abs(line.Predicted.Value - line.Measured.Value));

    /// <summary>Checks the advice between <c>frozen</c> and <c>full</c>, leaving out all facts of one data set at a time.</summary>
    /// <exception cref="ArgumentException">There are too few data sets.</exception>
    public static AdviceCheck Of(IReadOnlyList<AdviceFact> facts)
    {
        AdviceFact[] usable = [.. facts.Where(fact => fact.Outcomes.Any(o => o.Strategy == StrategyCatalog.Full)
            && fact.Outcomes.Any(o => o.Strategy == StrategyCatalog.Frozen))];
        if (usable.Select(fact => fact.Data).Distinct().Count() <= AdviceModel.FewestDataSets)
        {
            throw new ArgumentException(
                $"A check leaves one data set out and needs {AdviceModel.FewestDataSets} others with 'frozen' and 'full'; there are "
                    + $"{usable.Select(fact => fact.Data).Distinct().Count()} in all.");
        }

        return new()
        {
            Lines = [.. usable.Select(fact =>
            {
                AdviceFact[] others = [.. usable.Where(other => other.Data != fact.Data)
                    .Select(other => other with { Outcomes = [.. other.Outcomes.Where(o => o.Strategy is StrategyCatalog.Frozen or StrategyCatalog.Full)] })];
                TransferAdvice advice = new Advisor(others).Advise(fact.Scores);
                return new AdviceCheckLine(fact.Data, fact.Scores.PerClass, advice.Predictions.First(p => p.Strategy == StrategyCatalog.Full).Gain,
                    fact.Outcomes.First(o => o.Strategy == StrategyCatalog.Full).Gain, advice.Recommended, advice.IsSure);
            })],
        };
    }
}

/// <summary>One measured comparison, predicted from other data sets.</summary>
/// <param name="Data">Its data set.</param>
/// <param name="PerClass">Training examples a class.</param>
/// <param name="Predicted">Predicted gain of <c>full</c> over <c>frozen</c>, with its nine-in-ten interval.</param>
/// <param name="Measured">Measured gain, with its 95 % interval.</param>
/// <param name="Recommended">What was recommended of the two.</param>
/// <param name="IsSure">Whether the advice was sure.</param>
public sealed record AdviceCheckLine(string Data, double PerClass, Estimate Predicted, Estimate Measured, string Recommended, bool IsSure)
{
    /// <summary>Whether the recommended one of the two is not shown to be the worse, and not the worse by more than a point.</summary>
    public bool IsRight => Recommended == StrategyCatalog.Full ? Measured is { High: >= 0, Value: > -0.01 } : Measured is { Low: <= 0, Value: < 0.01 };
}
