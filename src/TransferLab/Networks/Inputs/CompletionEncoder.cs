using System.Globalization;
using TorchSharp;
using TransferLab.Data;
using static TorchSharp.torch;

namespace TransferLab.Networks;

/// <summary>Texts as a causal language model reads them: the token ids of their <see cref="CompletionTarget"/>, shorter ones padded at their end.</summary>
public sealed record CompletionEncoder : InputEncoder
{
    /// <inheritdoc/>
    public override string Kind => "completion";

    /// <inheritdoc/>
    public override string Description => "token ids, padded at the end";

    /// <inheritdoc/>
    public override string Key => "completion";

    /// <inheritdoc/>
    public override bool HasLengths => true;

    /// <inheritdoc/>
    public override int LengthOf(Example example) => Of(example).Ids.Count;

    /// <inheritdoc/>
    public override string KeyOf(Example example) => string.Join(' ', Of(example).Ids.Select(id => id.ToString(CultureInfo.InvariantCulture)));

    /// <inheritdoc/>
    /// <returns>[2, N, T] int64: ids, and 1 for a token or 0 for padding (no id of a vocabulary can say that: many models pad with the end of a
    /// turn).</returns>
    public override Tensor Encode(IReadOnlyList<Example> examples, AugmentedViews? views, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        int longest = examples.Max(LengthOf);
        long[] values = new long[2 * examples.Count * longest];
        for (int i = 0; i < examples.Count; i++)
        {
            IReadOnlyList<long> ids = Of(examples[i]).Ids;
            for (int j = 0; j < ids.Count; j++)
            {
                values[(i * longest) + j] = ids[j];
                values[((examples.Count + i) * longest) + j] = 1;
            }
        }

        return tensor(values, [2, examples.Count, longest]);
    }

    /// <inheritdoc/>
    /// <returns>[N, T] int64 and its mask.</returns>
    public override Batch Normalize(Tensor raw, Device device, ScalarType type)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor ids = raw[0].to(device, copy: true);
        return new Batch(ids, raw[1].to(device).to(type)).MoveToOuterDisposeScope();
    }

    internal static CompletionTarget Of(Example example) => example.Target as CompletionTarget
        ?? throw new InvalidOperationException($"'{example.Name}' is no text of a language model: its target is {example.Target}.");
}
