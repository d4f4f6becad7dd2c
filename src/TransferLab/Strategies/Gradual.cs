namespace TransferLab.Strategies;

public sealed partial record TransferStrategy
{
    /// <summary>
    /// Gradual unfreezing (Howard and Ruder 2018, arXiv:1801.06146): the head, then the last third of the layer groups, then two thirds, then
    /// everything. Together the phases have the epochs of <see cref="Full"/>.
    /// </summary>
    public static TransferStrategy Gradual() => new()
    {
        Name = "gradual",
        Description = "unfrozen from the top: the head, the last third, two thirds, everything",
        Phases =
        [
            .. Frozen().Phases,
            .. Full().Phases.Select(phase => phase with { Trains = LayerSelector.LastPercent(33), EpochShare = 0.25 }),
            .. Full().Phases.Select(phase => phase with { Trains = LayerSelector.LastPercent(67), EpochShare = 0.25 }),
            .. Full().Phases.Select(phase => phase with { EpochShare = 0.5 }),
        ],
    };
}
