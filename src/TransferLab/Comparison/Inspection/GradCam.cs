using TorchSharp;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Comparison.Inspection;

/// <summary>
/// Where a network looked: Grad-CAM (Selvaraju et al. 2017, arXiv:1610.02391) at the last layer group that gives maps. With mean pooling behind it the gradient
/// of a class's logit is the same at every position: that class's row of a linear head, as in CAM (Zhou et al. 2016), or what the active units of a hidden
/// layer pass back of it. Where more follows, in ConvNeXt or a vision transformer, the gradient is computed at the input of the last layer group; tokens of
/// patches are a map as well. The map is the sum of the channels, weighted with the gradient's mean.
/// </summary>
internal static class GradCam
{
    private const float Least = 0.25f;

    /// <summary>The evidence for a class at each position, 0 to 1 row by row; null where the network has no map in front of its last layer group either, or
    /// computes no gradients.</summary>
    public static (float[] Map, int Height, int Width)? Map(TransferNetwork network, InputEncoder encoder, ComputeDevice compute, Example example, int label,
        CancellationToken cancellation)
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        using ForwardPass pass = ForwardPass.Begin(network.Random, network.Adapters);
        network.Evaluate();
        int last = network.Backbone.Groups.Count - 1;
        Tensor raw = encoder.Encode([example], null, cancellation);
        Batch before = network.Backbone.Forward(encoder.Normalize(raw, compute.Device, compute.TypeFor(network.Backbone)), 0, last);
        Tensor after = network.Backbone.Forward(before, last, last + 1).Values;
        (Tensor Maps, Tensor Weights)? found = after.Dimensions == 4 && network.Backbone.Pooling == Pooling.Mean
            ? (after.to(ScalarType.Float32), Gradient(network, after.to(ScalarType.Float32).mean([2, 3]), label).view(1, -1, 1, 1))
            : Through(network, before, last, label);
        return found is var (maps, weights) ? Scaled((maps * weights).sum(new long[] { 1 }).relu()[0].cpu().contiguous()) : null;
    }

    private static (float[] Map, int Height, int Width) Scaled(Tensor map)
    {
        float[] values = map.data<float>().ToArray();                                            // (H, W)
        float most = Math.Max(1e-12f, values.Max());
        return (Array.ConvertAll(values, value => value / most), (int)map.shape[0], (int)map.shape[1]);
    }

    /// <summary>Maps [1, C, H, W] in front of the last layer group, and the mean of the logit's gradient by them [1, C, 1, 1]; null where they are none, or no
    /// gradient reaches them.</summary>
    private static (Tensor Maps, Tensor Weights)? Through(TransferNetwork network, Batch before, int last, int label)
    {
        if (AsMaps(before.Values) is null)
        {
            return null;
        }

        using IDisposable gradients = set_grad_enabled(true);
        Tensor input = before.Values.detach().requires_grad_();
        Tensor features = network.Backbone.Pool(network.Backbone.Forward(before with { Values = input }, last, last + 1));
        if (!features.requires_grad)
        {
            return null; // An ONNX file computes no gradient; asking libtorch for one ends the process.
        }

        Tensor logit = network.Logits(features, network.Backbone.Groups.Count)[0, label];
        Tensor gradient = autograd.grad([logit], [input])[0];
        return (AsMaps(input.detach())!.to(ScalarType.Float32), AsMaps(gradient)!.to(ScalarType.Float32).mean([2, 3], keepdim: true));
    }

    /// <summary>Tokens [1, T, C] of patches, behind those that are none, as maps [1, C, side, side]; maps as they are; null for anything else.</summary>
    private static Tensor? AsMaps(Tensor x)
    {
        if (x.Dimensions != 3)
        {
            return x.Dimensions == 4 ? x : null;
        }

        long side = (long)Math.Sqrt(x.shape[1]);
        return x[.., ^(int)(side * side)..].reshape(1, side, side, -1).permute(0, 3, 1, 2);
    }

    /// <summary>The picture with what did not count darkened, as a data URI.</summary>
    public static string Overlay(byte[] rgb, int size, float[] map, int height, int width)
    {
        byte[] lit = new byte[size * size * 3];
        for (int y = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++)
            {
                float light = Least + ((1 - Least) * At(map, height, width, (y + 0.5f) / size, (x + 0.5f) / size));
                for (int c = 0, at = 3 * ((y * size) + x); c < 3; c++, at++)
                {
                    lit[at] = (byte)(rgb[at] * light);
                }
            }
        }

        return ImageEncoding.JpegUri(lit, size);
    }

    // Of a class's logit by the pooled features (1, C).
    private static Tensor Gradient(TransferNetwork network, Tensor pooled, int label)
    {
        Tensor row = network.Classifier.Output.weight!.detach()[label];
        return network.Classifier.Hidden is not { } hidden ? row : (row * hidden.call(pooled).relu().sign()).matmul(hidden.weight!.detach());
    }

    private static float At(float[] map, int height, int width, float down, float across)
    {
        float y = Math.Clamp((down * height) - 0.5f, 0, height - 1), x = Math.Clamp((across * width) - 0.5f, 0, width - 1);
        (int top, int left) = ((int)y, (int)x);
        (int bottom, int right) = (Math.Min(top + 1, height - 1), Math.Min(left + 1, width - 1));
        float upper = float.Lerp(map[(top * width) + left], map[(top * width) + right], x - left),
            lower = float.Lerp(map[(bottom * width) + left], map[(bottom * width) + right], x - left);
        return float.Lerp(upper, lower, y - top);
    }
}
