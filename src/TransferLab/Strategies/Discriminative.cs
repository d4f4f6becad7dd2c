namespace TransferLab.Strategies;

public sealed partial record TransferStrategy
{
    private const double PublishedDecay = 1 / 2.6;

    /// <summary>Discriminative fine-tuning (Howard and Ruder 2018, arXiv:1801.06146): each layer group's rate is 2.6 times smaller than the next
    /// one's.</summary>
    public static TransferStrategy Discriminative() => Full().WithLayerDecay(PublishedDecay) with
    {
        Name = "discriminative",
        Description = "everything fine-tuned, each layer group 2.6 times more slowly than the next",
    };

    /// <summary>The same strategy with a decay of the learning rate from each layer group to the one before, in phases that train the backbone.</summary>
    /// <param name="decay">Above 0, at most 1, which is the same rate everywhere.</param>
    public TransferStrategy WithLayerDecay(double decay) => this with
    {
        Phases = [.. Phases.Select(phase => phase.Trains == LayerSelector.Head ? phase : phase with { LayerDecay = decay })],
    };
}
