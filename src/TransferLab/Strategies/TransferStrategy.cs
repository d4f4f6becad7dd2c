using TransferLab.Networks;

namespace TransferLab.Strategies;

/// <summary>A way to adapt a network: where its weights start, and the phases in which some of them move.</summary>
public sealed partial record TransferStrategy : Strategy
{
    private readonly IReadOnlyList<Phase> _phases = [];

    /// <summary>The phases in order, each starting from what the one before left.</summary>
    /// <exception cref="ArgumentException">A phase makes no sense: one line says why.</exception>
    public required IReadOnlyList<Phase> Phases
    {
        get => _phases;
        init
        {
            foreach (Phase phase in value)
            {
                phase?.Check();
            }

            _phases = value;
        }
    }

    /// <summary>What stands between pooled features and outputs.</summary>
    public HeadShape Head { get; init; } = HeadShape.Linear;

    /// <summary>Where the backbone's weights start.</summary>
    public Start Start { get; init; } = Start.Pretrained;

    private protected override StrategyRole UsualRole => Start == Start.Random ? StrategyRole.Control : StrategyRole.Transfer;

    internal override bool MovesPretrained => Start == Start.Pretrained && MovesBackbone;

    /// <summary>Whether any phase trains weights of the backbone.</summary>
    public bool MovesBackbone => Phases.Any(phase => phase.Trains != LayerSelector.Head);
}
