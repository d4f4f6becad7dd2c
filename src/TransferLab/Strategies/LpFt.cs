namespace TransferLab.Strategies;

public sealed partial record TransferStrategy
{
    /// <summary>
    /// Linear probe, then fine-tuning (Kumar et al. 2022, arXiv:2202.10054): the head is solved for first, so that its random start does not
    /// distort the backbone's features.
    /// </summary>
    public static TransferStrategy LpFt() => new()
    {
        Name = "lp-ft",
        Description = "linear head on frozen features first, then everything fine-tuned",
        Phases = [.. Frozen().Phases, .. Full().Phases],
    };
}
