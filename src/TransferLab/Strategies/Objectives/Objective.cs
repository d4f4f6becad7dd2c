using TransferLab.Data;
using TransferLab.Networks;
using static TorchSharp.torch;

namespace TransferLab.Strategies;

/// <summary>
/// What a phase minimises: how a batch is made of examples, its loss, and the score by which held-out examples judge. A value; one of one's own derives from
/// it.
/// </summary>
public abstract record Objective
{
    /// <summary>Cross-entropy of the labels.</summary>
    public static Objective Classify { get; } = new Classification();

    /// <summary>No labels: examples are told apart by contrast.</summary>
    public static Objective Contrast { get; } = new Contrast();

    /// <summary>Contrast with labels, by the cosines of pairs.</summary>
    public static Objective CosineContrast { get; } = new SupervisedContrast();

    /// <summary>Contrast with labels, by cross-entropy over the pairs of an example.</summary>
    public static Objective SupervisedContrast { get; } = new SupervisedContrast { Pairs = PairLoss.CrossEntropy };

    /// <summary>Cross-entropy of the next token of texts.</summary>
    public static Objective NextToken { get; } = new NextToken();

    /// <summary>Its name in files.</summary>
    public abstract string Name { get; }

    /// <summary>Whether examples need targets: validation, balance and a new head have a part in it only then.</summary>
    public virtual bool NeedsTargets => true;

    /// <summary>Whether held-out examples judge by the loss alone; otherwise by the score, and by the loss where that is equal.</summary>
    public virtual bool JudgesByLoss => false;

    /// <summary>
    /// Whether a linear head, solved for on the features of training examples as they are after an epoch, judges held-out examples in place
    /// of <see cref="Validate"/>.
    /// </summary>
    public virtual bool JudgesByHead => false;

    /// <summary>Whether training begins with the batch that has the longest example, where batches are of like lengths.</summary>
    internal virtual bool LongestFirst => false;

    /// <summary>The batches of an epoch; null for random ones of like lengths.</summary>
    /// <param name="examples">To draw from.</param>
    /// <param name="size">Examples a batch, at most; two of a class at least.</param>
    /// <param name="batches">How many there are to be.</param>
    /// <param name="random">Decides.</param>
    public virtual IReadOnlyList<IReadOnlyList<Example>>? Compose(IReadOnlyList<Example> examples, int size, int batches, Random random) => null;

    /// <summary>The examples of a batch as the objective needs them, such as each twice.</summary>
    public virtual IReadOnlyList<Example> Arrange(IReadOnlyList<Example> examples) => examples;

    /// <summary>What a batch counts in a mean over several batches: its examples, or what they weigh.</summary>
    /// <param name="context">Network and task.</param>
    /// <param name="x">Output of the frozen prefix, with targets.</param>
    public virtual double Weight(ObjectiveContext context, Batch x) => x.Values.shape[0];

    /// <summary>How many predictions a batch of held-out examples asks for: what <see cref="Validate"/> sums over.</summary>
    public virtual double Count(Batch x) => x.Values.shape[0];

    /// <summary>The loss of a batch.</summary>
    /// <param name="context">Network and task.</param>
    /// <param name="x">Output of the frozen prefix, with targets.</param>
    /// <returns>Its tensors belong to the present dispose scope.</returns>
    public abstract ObjectiveLoss Loss(ObjectiveContext context, Batch x);

    /// <summary>Sums of loss and score over a batch of held-out examples, in evaluation mode and without gradients. The strata weigh as the context
    /// says.</summary>
    /// <param name="context">Network and task.</param>
    /// <param name="x">Output of the frozen prefix, with targets.</param>
    public virtual (double Loss, double Score) Validate(ObjectiveContext context, Batch x)
    {
        ObjectiveLoss loss = Loss(context, x);
        return (loss.Mean.item<float>() * loss.Count, loss.Score.to(ScalarType.Float64).item<double>());
    }

    /// <summary>Refuses phases that make no sense with it.</summary>
    /// <exception cref="ArgumentException">One line: what does not go together, and what does.</exception>
    public virtual void Check(Phase phase)
    {
        if (phase.Solver == Solver.Lbfgs)
        {
            throw new ArgumentException($"L-BFGS solves for a head by the labels; with the objective '{Name}' use adamw or sgd.");
        }
    }

    /// <inheritdoc/>
    public sealed override string ToString() => Name;
}
