namespace TransferLab.Strategies;

/// <summary>A way to adapt a network: where its weights start, and the phases in which some of them move.</summary>
public sealed partial record TransferStrategy : Strategy
{
    /// <summary>The phases in order, each starting from what the one before left.</summary>
    public required IReadOnlyList<Phase> Phases { get; init; }

    /// <summary>Where the backbone's weights start.</summary>
    public Start Start { get; init; } = Start.Pretrained;

    /// <summary>Whether any phase trains weights of the backbone.</summary>
    public bool MovesBackbone => Phases.Any(phase => phase.Trains != LayerSelector.Head);
}
