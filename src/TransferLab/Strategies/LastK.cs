using System.Globalization;

namespace TransferLab.Strategies;

public sealed partial record TransferStrategy
{
    /// <summary>The last layer groups and the head train, those before stay frozen.</summary>
    /// <param name="groups">How many groups train, 1 or more.</param>
    public static TransferStrategy LastK(int groups) => new()
    {
        Name = string.Create(CultureInfo.InvariantCulture, $"last-{groups}"),
        Description = string.Create(CultureInfo.InvariantCulture, $"the last {groups} layer groups fine-tuned, the rest frozen"),
        Phases =
            [.. Full().Phases.Select(phase =>
                phase with { Trains = LayerSelector.Last(groups > 0
                    ? groups
                    : throw new ArgumentOutOfRangeException(nameof(groups), groups, "last-K trains 1 or more layer groups; use frozen for none.")) })],
    };
}
