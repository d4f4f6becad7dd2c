namespace TransferLab.Strategies;

/// <summary>How a language model is tuned: what a strategy's phases become when they train the next token.</summary>
public sealed record LanguageTuning
{
    private const double FullRate = 2e-4, AdapterRate = 1e-3;
    private readonly int _batchSize = 8, _epochs = 3, _accumulation = 1;

    /// <summary>Passes over the training rows, 1 to 1,000.</summary>
    public int Epochs
    {
        get => _epochs;
        init => _epochs = value is >= 1 and <= 1000 ? value : throw new ArgumentException($"Epochs are 1 to 1000, not {value}.");
    }

    /// <summary>Rows a batch, 1 to 4,096.</summary>
    public int BatchSize
    {
        get => _batchSize;
        init => _batchSize = value is >= 1 and <= 4096 ? value : throw new ArgumentException($"A batch has 1 to 4096 rows, not {value}.");
    }

    /// <summary>Batches a step: their gradients are summed, and the loss is the mean over all their trained tokens.</summary>
    public int Accumulation
    {
        get => _accumulation;
        init => _accumulation = value is >= 1 and <= 4096 ? value : throw new ArgumentException($"A step has 1 to 4096 batches, not {value}.");
    }

    /// <summary>Peak learning rate; null for what suits: 1e-3 for adapters, 2e-4 where the weights move.</summary>
    public double? LearningRate { get; init; }

    /// <summary>How steps are taken.</summary>
    public Solver Solver { get; init; } = Solver.AdamW;

    /// <summary>Rank of adapters.</summary>
    public int Rank { get; init; } = 16;

    /// <summary>Strength of adapters: their update is multiplied by alpha / rank.</summary>
    public double Alpha { get; init; } = 32;

    /// <summary>Weight decay of matrices.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Largest norm of a step's gradient.</summary>
    public double ClipNorm { get; init; } = 1;

    /// <summary>Share of the steps over which the rate rises; then it falls along a cosine to zero.</summary>
    public double WarmUp { get; init; } = 0.05;

    /// <summary>Whether inner results of more than <see cref="KeptBytes"/> pass in parts or are computed again in the backward pass.</summary>
    public bool Recompute { get; init; } = true;

    /// <summary>Most memory of inner results that a step keeps, bytes; 0 computes them all again: least memory, a third more work in the layers.</summary>
    public long KeptBytes { get; init; } = 1L << 30;

    /// <summary>A strategy for language models: its phases that move the backbone, on the next token. Adapters stay beside the weights.</summary>
    /// <exception cref="ArgumentException">The strategy moves nothing that a language model has: one line.</exception>
    public TransferStrategy Apply(TransferStrategy strategy)
    {
        Phase[] phases = [.. strategy.Phases.Where(phase => phase.Trains != LayerSelector.Head).Select(phase => Of(phase, strategy.Phases))];
        if (phases.Length == 0)
        {
            throw new ArgumentException(
                $"'{strategy.Name}' trains a new head alone, and a language model has none: its output layer is pretrained. The nearest is last-1.");
        }

        if (strategy.Phases.Any(phase => phase.Objective is SupervisedContrast))
        {
            throw new ArgumentException($"'{strategy.Name}' compares examples of one label, and conversations have none. The nearest is full.");
        }

        if (strategy.Start == Start.Random)
        {
            throw new ArgumentException(
                $"'{strategy.Name}' starts from random weights, which some hundred conversations teach nothing; pretraining is another thing.");
        }

        return strategy with { Phases = phases };
    }

    /// <summary>The same strategy with a phase before it that reads on in plain texts, all of whose tokens are predicted.</summary>
    /// <param name="strategy">As <see cref="Apply"/> gives it.</param>
    public static TransferStrategy AfterReading(TransferStrategy strategy) =>
        strategy with { Phases = [strategy.Phases[0] with { Objective = new NextToken { IsPlain = true } }, .. strategy.Phases] };

    private Phase Of(Phase phase, IReadOnlyList<Phase> all)
    {
        double share = phase.EpochShare / all.Where(other => other.Trains != LayerSelector.Head).Sum(other => other.EpochShare);
        return new()
        {
            Trains = phase.Trains,
            Objective = Objective.NextToken,
            Solver = Solver,
            LearningRate = LearningRate ?? (phase.Lora is null ? FullRate : AdapterRate),
            FirstGroupRate = 1,
            LayerDecay = phase.LayerDecay,
            WeightDecay = WeightDecay,
            Epochs = Math.Max(1, (int)Math.Round(Epochs * share)),
            WarmUp = WarmUp,
            BatchSize = BatchSize,
            BatchTokens = 1 << 24, // No limit, but then no row is left out of an epoch.
            Accumulation = Accumulation,
            ClipNorm = ClipNorm,
            Recompute = Recompute,
            KeptBytes = KeptBytes,
            Lora = phase.Lora is null ? null : phase.Lora with { Rank = Rank, Alpha = Alpha, Merge = AdapterMerge.Keep },
        };
    }
}
