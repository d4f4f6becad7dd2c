namespace TransferLab.Comparison.Advice;

/// <summary>What can be known of a task and a backbone in seconds, without training the backbone: from the training examples and their frozen features
/// alone.</summary>
public sealed record TransferScores
{
    /// <summary><c>image</c> or <c>text</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Name of the backbone.</summary>
    public required string Backbone { get; init; }

    /// <summary>Number of classes.</summary>
    public required int Classes { get; init; }

    /// <summary>Training examples.</summary>
    public required int Examples { get; init; }

    /// <summary>How many of them were looked at.</summary>
    public required int Used { get; init; }

    /// <summary>Accuracy of a linear head on the frozen features, by cross-validation.</summary>
    public required double Probe { get; init; }

    /// <summary>Accuracy of the nearest other example by cosine.</summary>
    public required double Neighbour { get; init; }

    /// <summary>The same on the features of the random twin: what the inputs themselves give away.</summary>
    public required double RandomNeighbour { get; init; }

    /// <summary>LogME (You et al. 2021, arXiv:2102.11005): log evidence of the labels under a Bayesian linear model of the features, an example and
    /// class.</summary>
    public required double LogMe { get; init; }

    /// <summary>H-score (Bao et al. 2019) with a shrunk covariance (Ibrahim et al. 2022), as a share of its largest value, classes - 1.</summary>
    public required double HScore { get; init; }

    /// <summary>Mean cosine between features of two examples: near 1 where the backbone takes everything here for much the same.</summary>
    public required double MeanCosine { get; init; }

    /// <summary>Seconds for one example, reading and frozen layers, on this machine.</summary>
    public required double SecondsPerExample { get; init; }

    /// <summary>
    /// Likeness to the pretraining domain, as far as features can tell: what pretraining adds to the nearest neighbour, as a share of what the random twin
    /// leaves to add.
    /// </summary>
    public double Likeness => (Neighbour - RandomNeighbour) / Math.Max(0.01, 1 - RandomNeighbour);

    /// <summary>Training examples a class.</summary>
    public double PerClass => (double)Examples / Classes;
}
