using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Strategies;

namespace TransferLab.Training;

/// <summary>How training goes, whatever the strategy.</summary>
public sealed record TrainingOptions
{
    private readonly double? _budget;

    /// <summary>How training inputs are varied, in phases that vary them.</summary>
    public Augmentation Augmentation { get; init; } = Augmentation.Standard;

    /// <summary>
    /// What is done about classes of different sizes. The neighbours of an index vote as they are, and a pipeline of one's own weighs as it is made to.
    /// </summary>
    public Balance Balance { get; init; }

    /// <summary>
    /// Seconds after which gradient steps end, with learning rates that fall to zero by then; null where epochs decide. Phases share what solvers and
    /// features leave of it by their <see cref="Phase.EpochShare"/>. Its results depend on the machine, and on its load.
    /// </summary>
    public double? Budget
    {
        get => _budget;
        init => _budget = value is null or (> 0 and < double.PositiveInfinity) ? value
            : throw new ArgumentException(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The budget is more than 0 seconds, not {value}."));
    }

    /// <summary>Where an unfinished run of gradient steps is kept, and resumed from; null for nowhere. Under a <see cref="Budget"/> none is kept.</summary>
    public CheckpointOptions? Checkpoint { get; init; }

    /// <summary>What phases without labels train on, such as all texts of a task of which few have labels; the training examples where null.</summary>
    public IReadOnlyList<Example>? Unlabeled { get; init; }

    /// <summary>What validation sees, apart from the training examples; held out from these by their number where null.</summary>
    public IReadOnlyList<Example>? HeldOut { get; init; }

    /// <summary>
    /// What a first phase without labels leaves, kept for other runs of the same seed with the same examples in <see cref="Unlabeled"/>; null where every run
    /// trains its own.
    /// </summary>
    internal UnlabeledPhase? Shared { get; init; }

    /// <summary>Told of the network before the first phase, to start it from other weights.</summary>
    internal Action<TransferNetwork>? Prepare { get; init; }

    /// <summary>Told of the network when the first phase's adapters stand beside it, to start them from others.</summary>
    internal Action<TransferNetwork>? PrepareAdapters { get; init; }
}
