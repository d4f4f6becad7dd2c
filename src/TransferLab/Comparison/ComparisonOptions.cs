using TransferLab.Backbones;
using TransferLab.Strategies;

namespace TransferLab.Comparison;

/// <summary>What is compared, and how.</summary>
public sealed record ComparisonOptions
{
    /// <summary>The strategies, in the order of the table.</summary>
    public IReadOnlyList<Strategy> Strategies { get; init; } = [TransferStrategy.Frozen(), TransferStrategy.Full(), TransferStrategy.Scratch(), ClassicalStrategy.Default()];

    /// <summary>How many seeds, 1 to this number; each draws its own training subset, weights and order.</summary>
    public int Seeds { get; init; } = 1;

    /// <summary>Training examples a class; all of them where null.</summary>
    public int? TrainPerClass { get; init; }

    /// <summary>How training inputs are varied, in strategies that vary them.</summary>
    public Augmentation Augmentation { get; init; } = Augmentation.Standard;

    /// <summary>The folder that receives predictions and models as they are made, and results.json after every seed; null for none.</summary>
    public string? OutputFolder { get; init; }

    /// <summary>The command that repeats the comparison, for the report.</summary>
    public string Command { get; init; } = "";

    /// <summary>Refuses what cannot be compared.</summary>
    /// <exception cref="ArgumentException">The message says what was given and what is allowed.</exception>
    public void Validate()
    {
        if (Strategies.Count == 0)
        {
            throw new ArgumentException("A comparison needs at least one strategy.");
        }

        if (Strategies.GroupBy(s => s.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"The strategy '{twice.Key}' is named twice; each is compared once.");
        }

        if (Seeds is < 1 or > 1000)
        {
            throw new ArgumentException($"The number of seeds is 1 to 1000, not {Seeds}.");
        }

        if (TrainPerClass is < 1)
        {
            throw new ArgumentException($"The number of training examples per class is 1 or more, not {TrainPerClass}.");
        }
    }
}
