namespace TransferLab.Strategies;

/// <summary>A way to adapt a network: where its weights start, and the phases in which some of them move.</summary>
public sealed partial record TransferStrategy : Strategy
{
    private readonly int? _hiddenUnits;

    /// <summary>The phases in order, each starting from what the one before left.</summary>
    public required IReadOnlyList<Phase> Phases { get; init; }

    /// <summary>Width of a hidden layer in front of the classifier, with ReLU and dropout; null for a linear head. 1 to 65,536.</summary>
    public int? HiddenUnits
    {
        get => _hiddenUnits;
        init => _hiddenUnits = value is null or (>= 1 and <= 65_536) ? value : throw new ArgumentOutOfRangeException(nameof(HiddenUnits), value, $"A hidden layer has 1 to 65536 units, not {value}.");
    }

    /// <summary>Where the backbone's weights start.</summary>
    public Start Start { get; init; } = Start.Pretrained;

    private protected override StrategyRole UsualRole => Start == Start.Random ? StrategyRole.Control : StrategyRole.Transfer;

    internal override bool MovesPretrained => Start == Start.Pretrained && MovesBackbone;

    /// <summary>Whether any phase trains weights of the backbone.</summary>
    public bool MovesBackbone => Phases.Any(phase => phase.Trains != LayerSelector.Head);
}
