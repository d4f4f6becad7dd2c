using TorchSharp;
using TransferLab.Data;
using TransferLab.Runtime;
using static TorchSharp.torch;

namespace TransferLab.Strategies;

/// <summary>
/// Features of one class are to lie near each other and those of two classes apart. A batch holds some examples each of some classes; each is encoded once
/// and gives all its pairs. The head has no part in it: one that is solved for on the features judges held-out examples.
/// </summary>
public sealed record SupervisedContrast : FeatureObjective
{
    /// <summary>Examples of a class in a batch; where there are few classes, a batch has room for more.</summary>
    private const int PerClass = 4;

    /// <summary>As published for <see cref="PairLoss.CrossEntropy"/>.</summary>
    private const float Temperature = 0.1f;

    /// <summary>What it minimises over the pairs of a batch.</summary>
    public PairLoss Pairs { get; init; } = PairLoss.Cosine;

    /// <inheritdoc/>
    public override string Name => Pairs == PairLoss.Cosine ? "cosine-contrast" : "supervised-contrast";

    /// <inheritdoc/>
    public override bool JudgesByLoss => true;

    /// <inheritdoc/>
    public override bool JudgesByHead => true;

    /// <inheritdoc/>
    /// <returns>Classes take turns, and the examples of each, so that every class comes equally often. One of few examples gives all it has.</returns>
    public override IReadOnlyList<IReadOnlyList<Example>> Compose(IReadOnlyList<Example> examples, int size, int batches, Random random)
    {
        IEnumerable<Example[]> byClass = examples.GroupBy(example => example.Target.Stratum).OrderBy(group => group.Key).Select(group => group.ToArray());
        Turns<Example>[] classes = [.. byClass.Select(members => new Turns<Example>(members, random))];
        int together = Math.Clamp(size / PerClass, 1, classes.Length), each = Math.Max(2, size / together);
        Turns<Turns<Example>> turns = new(classes, random);
        return [.. Enumerable.Range(0, batches).Select(_ => (Example[])[.. turns.Next(together).SelectMany(members => members.Next(each))])];
    }

    /// <inheritdoc/>
    /// <returns>The score counts the examples whose nearest other is of their class.</returns>
    public override ObjectiveLoss Loss(Tensor features, Tensor? targets)
    {
        Tensor labels = targets!;                                                                     // (N)
        Tensor directions = features / features.norm(dim: 1, keepdim: true).clamp_min(Numbers.Tiny);        // (N, width)
        Tensor cosines = directions.mm(directions.t());                                               // (N, N)
        Tensor self = eye(labels.shape[0], dtype: ScalarType.Bool, device: labels.device);
        Tensor alike = labels.unsqueeze(1).eq(labels).logical_and(self.logical_not());
        Tensor loss = Pairs == PairLoss.Cosine ? SquaredDistance(cosines, alike, self) : CrossEntropy(cosines, alike, self);
        Tensor nearest = cosines.detach().masked_fill(self, Numbers.Never).argmax(1);
        return new(loss, labels.index_select(0, nearest).eq(labels).sum(), labels.shape[0]);
    }

    /// <inheritdoc/>
    public override void Check(Phase phase)
    {
        base.Check(phase);
        if (phase.BatchTokens is not null)
        {
            throw new ArgumentException(
                $"The objective '{Name}' compares the examples of one batch, which a limit of tokens would cut; give its size instead.");
        }
    }

    private static Tensor SquaredDistance(Tensor cosines, Tensor alike, Tensor self)
    {
        Tensor errors = cosines.Minus(alike.to(cosines.dtype)), distances = errors.mul(errors);
        Tensor unlike = alike.logical_or(self).logical_not();
        return Mean(distances, alike).Plus(Mean(distances, unlike)) / tensor(2f, device: cosines.device);
    }

    private static Tensor CrossEntropy(Tensor cosines, Tensor alike, Tensor self)
    {
        Tensor logits = (cosines / tensor(Temperature, device: cosines.device)).masked_fill(self, Numbers.Never).log_softmax(1);
        Tensor positives = alike.to(cosines.dtype), count = positives.sum([1L]);                      // (N)
        Tensor own = logits.masked_fill(self, Numbers.None).mul(positives).sum([1L]) / count.clamp_min(Numbers.One);
        return own.neg().sum() / count.gt(tensor(0f, device: cosines.device)).sum().clamp_min(Numbers.One); // The mean over those that have a positive.
    }

    /// <summary>Mean over the pairs that are chosen; 0 where there are none.</summary>
    private static Tensor Mean(Tensor values, Tensor chosen) => values.mul(chosen.to(values.dtype)).sum() / chosen.sum().clamp_min(Numbers.One);

    // Kept: a temporary one may be freed during the call. Apart: whoever only looks at an objective needs no libtorch.
    private static class Numbers
    {
        public static readonly Scalar Tiny = 1e-12, One = 1, Never = -1e9f, None = 0;
    }
}
