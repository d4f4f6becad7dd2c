using TransferLab.Data;
using static TorchSharp.torch;

namespace TransferLab.Networks;

/// <summary>The next token of a text, out of a vocabulary: what language models predict. Its head is the backbone's own.</summary>
/// <param name="Vocabulary">Rows of the output layer.</param>
public sealed record LanguageTask(int Vocabulary) : PredictionTask
{
    /// <summary>The label of what is not trained.</summary>
    public const long Untrained = ChatTokens.Untrained;

    /// <inheritdoc/>
    public override string Name => "language";

    /// <inheritdoc/>
    public override int Outputs => Vocabulary;

    /// <inheritdoc/>
    public override string Metric => "token accuracy";

    /// <inheritdoc/>
    public override Head CreateHead(BackboneNetwork backbone, HeadShape shape, int seed) => backbone.LanguageHead?.Invoke()
        ?? throw new ArgumentException("This network is no language model: it has no output layer over a vocabulary.");

    /// <inheritdoc/>
    /// <returns>[N, T] int64: at each position the id that follows it, or <see cref="Untrained"/>.</returns>
    public override Tensor Targets(IReadOnlyList<Example> examples, Device device)
    {
        int longest = examples.Max(example => CompletionEncoder.Of(example).Ids.Count);
        long[] labels = new long[examples.Count * longest];
        Array.Fill(labels, Untrained);
        for (int i = 0; i < examples.Count; i++)
        {
            CompletionTarget target = CompletionEncoder.Of(examples[i]);
            for (int j = 1; j < target.Ids.Count; j++)
            {
                labels[(i * longest) + j - 1] = target.Trained[j] ? target.Ids[j] : Untrained;
            }
        }

        return tensor(labels, [examples.Count, longest], device: device);
    }

    /// <inheritdoc/>
    /// <returns>Probabilities.</returns>
    public override Tensor Predict(Tensor outputs) => outputs.softmax(-1);

    /// <inheritdoc/>
    public override double Score(IReadOnlyList<float> prediction, Example example) =>
        throw new NotSupportedException("Language models are scored token by token: see NextToken.");
}
