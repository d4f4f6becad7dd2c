namespace TransferLab.Strategies;

/// <summary>A stretch of training: which weights move, how fast, for how long.</summary>
public sealed record Phase
{
    internal const double LeastEpochShare = 0.01, MostEpochShare = 10;
    internal const int MostEpochs = 100_000;
    private readonly double? _learningRate, _firstGroupRate, _layerDecay;
    private readonly double _headLearningRate = 1e-3, _weightDecay = 0.01, _warmUp = 0.1, _epochShare = 1, _labelSmoothing, _rateScale = 1;
    private readonly double? _clipNorm;
    private readonly double _momentum = 0.9;
    private readonly double? _headDecay;
    private readonly int? _epochs, _steps, _batchSize, _batchTokens;
    private readonly int _accumulation = 1;

    /// <summary>What trains.</summary>
    public required LayerSelector Trains { get; init; }

    /// <summary>The method.</summary>
    public Solver Solver { get; init; } = Solver.AdamW;

    /// <summary>Whether it takes gradient steps.</summary>
    internal bool TakesSteps => Solver != Solver.Lbfgs;

    /// <summary>What it minimises.</summary>
    public Objective Objective { get; init; } = Objective.Classify;

    /// <summary>Peak learning rate of the last layer group; null for what suits the backbone.</summary>
    public double? LearningRate
    {
        get => _learningRate;
        init => _learningRate = Within(value, 0, 10, nameof(LearningRate));
    }

    /// <summary>Peak learning rate of the head, which starts at random and may move faster.</summary>
    public double HeadLearningRate
    {
        get => _headLearningRate;
        init => _headLearningRate = Within(value, 0, 10, nameof(HeadLearningRate))!.Value;
    }

    /// <summary>
    /// Learning rate of the first layer group as a share of the last one's; those between follow geometrically. Null for what suits the backbone.
    /// </summary>
    public double? FirstGroupRate
    {
        get => _firstGroupRate;
        init => _firstGroupRate = Within(value, 0, 1, nameof(FirstGroupRate));
    }

    /// <summary>
    /// Learning rate of each layer group as a share of the next one's, above 0 and at most 1; takes the place of <see cref="FirstGroupRate"/>. Null where that
    /// decides.
    /// </summary>
    public double? LayerDecay
    {
        get => _layerDecay;
        init => _layerDecay = Within(value, 1e-6, 1, nameof(LayerDecay));
    }

    /// <summary>Factor of all layer groups' rates, wherever they come from; tuning varies it.</summary>
    public double RateScale
    {
        get => _rateScale;
        init => _rateScale = Within(value, 1e-6, 1e6, nameof(RateScale))!.Value;
    }

    /// <summary>Decoupled weight decay of matrices and kernels; biases and normalisation have none. L-BFGS has <see cref="HeadDecay"/> instead.</summary>
    public double WeightDecay
    {
        get => _weightDecay;
        init => _weightDecay = Within(value, 0, 10, nameof(WeightDecay))!.Value;
    }

    /// <summary>
    /// Weight decay of a head that is solved for on standardised features; null lets cross-validation on the training examples choose. It must be given where
    /// an earlier phase saw their labels: features that were trained with these separate them perfectly, and cross-validation picks the weakest.
    /// </summary>
    public double? HeadDecay
    {
        get => _headDecay;
        init => _headDecay = Within(value, 1e-6, 1e6, nameof(HeadDecay));
    }

    /// <summary>Passes over the training examples; null lets the trainer choose by their number.</summary>
    public int? Epochs
    {
        get => _epochs;
        init => _epochs = (int?)Within(value, 1, MostEpochs, nameof(Epochs));
    }

    /// <summary>
    /// Share of the epochs that the trainer chooses by the number of examples, for strategies of several phases and for tuning; 0.01 to 10. Where
    /// <see cref="Epochs"/> names their number it has no part in it.
    /// </summary>
    public double EpochShare
    {
        get => _epochShare;
        init => _epochShare = Within(value, LeastEpochShare, MostEpochShare, nameof(EpochShare))!.Value;
    }

    /// <summary>
    /// Gradient steps, multiplied by <see cref="EpochShare"/>, where there are fewer than 300 training examples, of which none are held out; epochs are rounded
    /// up. Null leaves it to the epochs, and where <see cref="Epochs"/> names their number it has no part in it.
    /// </summary>
    public int? Steps
    {
        get => _steps;
        init => _steps = (int?)Within(value, 1, MostEpochs, nameof(Steps));
    }

    /// <summary>Share of all steps over which the learning rate rises; then it falls along a cosine to zero.</summary>
    public double WarmUp
    {
        get => _warmUp;
        init => _warmUp = Within(value, 0, 1, nameof(WarmUp))!.Value;
    }

    /// <summary>Share of the label's probability that is spread over all classes (Szegedy et al. 2016).</summary>
    public double LabelSmoothing
    {
        get => _labelSmoothing;
        init => _labelSmoothing = Within(value, 0, 1, nameof(LabelSmoothing))!.Value;
    }

    /// <summary>Which parameters weight decay draws towards zero.</summary>
    public DecayedParameters Decays { get; init; } = DecayedParameters.Matrices;

    /// <summary>How the learning rate goes from step to step.</summary>
    public Schedule Schedule { get; init; } = Schedule.Cosine;

    /// <summary>Momentum of <see cref="Solver.Sgd"/>, 0 to 1; AdamW has its own.</summary>
    public double Momentum
    {
        get => _momentum;
        init => _momentum = Within(value, 0, 1, nameof(Momentum))!.Value;
    }

    /// <summary>Examples a batch, 1 to 65,536; null lets the trainer choose by their number.</summary>
    public int? BatchSize
    {
        get => _batchSize;
        init => _batchSize = (int?)Within(value, 1, 65_536, nameof(BatchSize));
    }

    /// <summary>
    /// Most positions of a batch, padding included, such as tokens of texts: batches of long texts then have fewer examples. 1 to 16,777,216; null for no such
    /// limit.
    /// </summary>
    public int? BatchTokens
    {
        get => _batchTokens;
        init => _batchTokens = (int?)Within(value, 1, 1 << 24, nameof(BatchTokens));
    }

    /// <summary>
    /// Batches a step, 1 to 65,536: their gradients are summed, and the loss is the mean over all that the batches count, so that a step is the same as with
    /// one batch of their size, at the memory of one.
    /// </summary>
    public int Accumulation
    {
        get => _accumulation;
        init => _accumulation = (int)Within(value, 1, 65_536, nameof(Accumulation))!.Value;
    }

    /// <summary>Largest norm of all gradients together; larger ones are scaled down to it (Pascanu et al. 2013, arXiv:1211.5063). Null for no limit.</summary>
    public double? ClipNorm
    {
        get => _clipNorm;
        init => _clipNorm = Within(value, 1e-6, 1e6, nameof(ClipNorm));
    }

    /// <summary>In which order the examples of an epoch come.</summary>
    public RowOrder Order { get; init; } = RowOrder.LikeLengths;

    /// <summary>
    /// Whether inner results that would take more than <see cref="KeptBytes"/> are not kept for the backward pass: batches of texts pass in parts, and where
    /// one example alone takes more, each layer group's are computed again (Chen et al. 2016, arXiv:1604.06174), a third more work for the memory of one group.
    /// Gradients are the same, dropout included.
    /// </summary>
    public bool Recompute { get; init; }

    /// <summary>Most memory of inner results that <see cref="Recompute"/> lets a step keep, bytes, as estimated from the network's sizes; 0 keeps
    /// none.</summary>
    public long KeptBytes { get; init; } = 1L << 30;

    /// <summary>Low-rank adapters that train in place of the weights of the layer groups; null where the weights themselves train.</summary>
    public Lora? Lora { get; init; }

    /// <summary>How normalisation layers in front of or within what trains behave.</summary>
    public Normalization Normalization { get; init; } = Normalization.Fixed;

    /// <summary>Whether inputs are varied, in the way that suits their kind.</summary>
    public bool Augment { get; init; }

    /// <summary>Refuses what does not go together.</summary>
    /// <exception cref="ArgumentException">One line: what, and what to do.</exception>
    internal void Check()
    {
        Objective.Check(this);
        if (Solver == Solver.Lbfgs && Augment)
        {
            throw new ArgumentException("L-BFGS solves for a head on frozen features of unvaried inputs; use adamw, or do not augment.");
        }

        if (Lora is not null && Trains == LayerSelector.Head)
        {
            throw new ArgumentException(
                "Adapters stand beside layers of the backbone, and the phase trains the head alone; let it train everything, or last-K.");
        }
    }

    private static double? Within(double? value, double least, double most, string name) => value is not { } given || (given >= least && given <= most)
        ? value
        : throw new ArgumentException(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name} is {least} to {most}, not {given}."));
}
