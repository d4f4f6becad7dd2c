using TorchSharp;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Runtime;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Comparison.Inspection;

/// <summary>
/// Which words spoke for the predicted class against the right one: gradient times input (Shrikumar et al. 2016, arXiv:1605.01713) of the difference of the two
/// logits, at the embeddings. It says what the difference would lose, to first order, if a token's embedding faded; not what it would lose without the word,
/// nor how words work together.
/// </summary>
internal static class TokenEvidence
{
    /// <summary>The words of a text, the strongest of weight 1 or -1; null where the network has no embeddings of tokens, or computes no gradients.</summary>
    public static IReadOnlyList<WordEvidence>? Words(
        TransferNetwork network, TextEncoder encoder, ComputeDevice compute, string text, int predicted, int right, CancellationToken cancellation)
    {
        if (Scores(network, encoder, compute, text, predicted, right, cancellation) is not { } scores)
        {
            return null;
        }

        (string Text, float? Score)[] words =
        [
            .. TextWords.Of(text, encoder).Select(word => (word.Text, word.Tokens is var (from, to)
                ? scores[Math.Min(from, scores.Length)..Math.Min(to, scores.Length)].Sum() : (float?)null)),
        ];
        float most = words.Select(word => Math.Abs(word.Score ?? 0)).DefaultIfEmpty(0).Max();
        return [.. words.Select(word => new WordEvidence(word.Text, most > 0 ? word.Score / most : word.Score))];
    }

    /// <summary>Of each token, special ones included, the sum over its embedding of value times gradient; see <see cref="Words"/>.</summary>
    public static float[]? Scores(
        TransferNetwork network, TextEncoder encoder, ComputeDevice compute, string text, int predicted, int right, CancellationToken cancellation)
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        using ForwardPass pass = ForwardPass.Begin(network.Random, network.Adapters);
        network.Evaluate();
        int groups = network.Backbone.Groups.Count;
        Tensor raw = encoder.Encode([new Example("", text, right)], null, cancellation);
        Batch embedded = network.Backbone.Forward(encoder.Normalize(raw, compute.Device, compute.TypeFor(network.Backbone)), 0, 1);
        if (groups < 2 || embedded.Values.Dimensions != 3 || !embedded.Values.is_floating_point())
        {
            return null;
        }

        using IDisposable gradients = set_grad_enabled(true);
        Tensor input = embedded.Values.detach().requires_grad_();                                     // (1, T, C)
        Tensor features = network.Backbone.Pool(network.Backbone.Forward(embedded with { Values = input }, 1, groups));
        if (!features.requires_grad)
        {
            return null; // An ONNX file computes no gradient; asking libtorch for one ends the process.
        }

        Tensor logits = network.Logits(features, groups)[0];
        Tensor gradient = autograd.grad([logits[predicted].Minus(logits[right])], [input])[0];
        Tensor sums = (gradient.to(ScalarType.Float32) * input.detach().to(ScalarType.Float32)).sum(new long[] { 2 })[0];
        return sums.cpu().contiguous().data<float>().ToArray();
    }
}
