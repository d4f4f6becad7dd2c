namespace TransferLab.Strategies;

/// <summary>A stretch of training: which weights move, how fast, for how long.</summary>
public sealed record Phase
{
    /// <summary>What trains.</summary>
    public required LayerSelector Trains { get; init; }

    /// <summary>The method.</summary>
    public Solver Solver { get; init; } = Solver.AdamW;

    /// <summary>Peak learning rate of the last layer group; null for what suits the backbone.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Peak learning rate of the head, which starts at random and may move faster.</summary>
    public double HeadLearningRate { get; init; } = 1e-3;

    /// <summary>
    /// Learning rate of the first layer group as a share of the last one's; those between follow geometrically. Null for what suits the backbone.
    /// </summary>
    public double? FirstGroupRate { get; init; }

    /// <summary>Decoupled weight decay of matrices and kernels; biases and normalisation have none. Ignored by L-BFGS, which chooses its own.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Passes over the training examples; null lets the trainer choose by their number.</summary>
    public int? Epochs { get; init; }

    /// <summary>Share of all steps over which the learning rate rises; then it falls along a cosine to zero.</summary>
    public double WarmUp { get; init; } = 0.1;

    /// <summary>Share of the label's probability that is spread over all classes (Szegedy et al. 2016).</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>How normalisation layers in front of or within what trains behave.</summary>
    public Normalization Normalization { get; init; } = Normalization.Fixed;

    /// <summary>Whether inputs are varied, in the way that suits their kind.</summary>
    public bool Augment { get; init; }
}
