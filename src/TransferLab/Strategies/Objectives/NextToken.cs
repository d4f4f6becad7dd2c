using TorchSharp;
using TransferLab.Networks;
using TransferLab.Runtime;
using static TorchSharp.torch;

namespace TransferLab.Strategies;

/// <summary>
/// Cross-entropy of the next token over the whole vocabulary: the sum over the tokens that are to be predicted, divided by their number over all batches of a
/// step. The output layer is computed for those alone.
/// </summary>
public sealed record NextToken : Objective
{
    /// <summary>Most positions whose logits are in memory at once, in validation and where the output layer is frozen: those of a large vocabulary weigh more
    /// than the network.</summary>
    internal int Chunk { get; init; } = 64;

    /// <summary>Whether it reads plain texts, for which nothing is held out; otherwise answers.</summary>
    public bool IsPlain { get; init; }

    /// <inheritdoc/>
    public override string Name => IsPlain ? "next-token of plain texts" : "next-token";

    /// <inheritdoc/>
    public override bool NeedsTargets => !IsPlain;

    /// <inheritdoc/>
    public override bool JudgesByLoss => true;

    /// <inheritdoc/>
    internal override bool LongestFirst => true;

    /// <inheritdoc/>
    /// <returns>The number of tokens to be predicted.</returns>
    public override double Weight(ObjectiveContext context, Batch x) => Count(x);

    /// <inheritdoc/>
    public override double Count(Batch x)
    {
        using DisposeScope scope = NewDisposeScope();
        return x.Targets!.ne(tensor(LanguageTask.Untrained, device: x.Targets.device)).sum().item<long>();
    }

    /// <inheritdoc/>
    public override ObjectiveLoss Loss(ObjectiveContext context, Batch x)
    {
        (Tensor hidden, Tensor labels) = Trained(context, x);
        if (labels.shape[0] > Chunk && hidden.requires_grad && context.Network.Head.IsFrozen)
        {
            return InChunks(context, hidden, labels);
        }

        Tensor logits = context.Network.Head.Forward(hidden);                                 // (M, vocabulary)
        return new(nn.functional.cross_entropy(logits, labels), logits.argmax(1).eq(labels).sum(), labels.shape[0]);
    }

    /// <summary>
    /// The same loss with the logits of one chunk at a time: each chunk's gradient by its hidden states is taken at once, and what is returned has that
    /// gradient and that value.
    /// </summary>
    private ObjectiveLoss InChunks(ObjectiveContext context, Tensor hidden, Tensor labels)
    {
        long all = labels.shape[0];
        Tensor states = hidden.detach().requires_grad_(), loss = zeros(1), score = zeros(1, ScalarType.Int64);
        for (long first = 0; first < all; first += Chunk)
        {
            using DisposeScope scope = NewDisposeScope();
            long count = Math.Min(Chunk, all - first);
            Tensor logits = context.Network.Head.Forward(states.narrow(0, first, count)), wanted = labels.narrow(0, first, count);
            Tensor part = nn.functional.cross_entropy(logits, wanted, reduction: nn.Reduction.Sum) / tensor((float)all, device: logits.device);
            part.backward();
            using IDisposable noGradient = no_grad();
            loss.PlusInPlace(part.detach().cpu());
            score.PlusInPlace(logits.argmax(1).eq(wanted).sum().cpu());
        }

        Tensor product = (hidden.to(ScalarType.Float32) * states.grad!.to(ScalarType.Float32)).sum();
        return new(product.Plus(loss.to(hidden.device).Minus(product.detach())).squeeze(), score.squeeze(), all);
    }

    /// <inheritdoc/>
    public override (double Loss, double Score) Validate(ObjectiveContext context, Batch x)
    {
        (Tensor hidden, Tensor labels) = Trained(context, x);
        (double loss, double score) = (0, 0);
        for (long first = 0; first < labels.shape[0]; first += Chunk)
        {
            using DisposeScope scope = NewDisposeScope();
            long count = Math.Min(Chunk, labels.shape[0] - first);
            Tensor logits = context.Network.Head.Forward(hidden.narrow(0, first, count)), wanted = labels.narrow(0, first, count);
            loss += nn.functional.cross_entropy(logits, wanted, reduction: nn.Reduction.Sum).item<float>();
            score += logits.argmax(1).eq(wanted).sum().item<long>();
        }

        return (loss, score);
    }

    /// <inheritdoc/>
    public override void Check(Phase phase)
    {
        base.Check(phase);
        if (phase.LabelSmoothing != 0 || phase.Augment)
        {
            throw new ArgumentException("The objective 'next-token' knows neither label smoothing nor augmentation; leave them out.");
        }

        if (phase.Trains == LayerSelector.Head)
        {
            throw new ArgumentException("A language model's output layer is pretrained, and often the embedding itself: train everything, or last-K.");
        }
    }

    /// <summary>Hidden states and labels of what is to be predicted, [M, width] and [M].</summary>
    private static (Tensor Hidden, Tensor Labels) Trained(ObjectiveContext context, Batch x)
    {
        Tensor hidden = context.Hidden(x), labels = x.Targets!.reshape(-1);
        Tensor places = labels.ne(tensor(LanguageTask.Untrained, device: labels.device)).nonzero().squeeze(1);
        return places.shape[0] > 0
            ? (hidden.reshape(-1, hidden.shape[^1]).index_select(0, places), labels.index_select(0, places))
            : throw new ArgumentException("A batch has no token to predict; every text needs one.");
    }
}
