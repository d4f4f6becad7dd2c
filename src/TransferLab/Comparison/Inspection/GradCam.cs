using TorchSharp;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Comparison.Inspection;

/// <summary>
/// Where a network looked: Grad-CAM (Selvaraju et al. 2017, arXiv:1610.02391) at the last layer group. With mean pooling the gradient of a class's logit is the same at every position: that class's row of a linear
/// head, as in CAM (Zhou et al. 2016), or what the active units of a hidden layer pass back of it. The map is the sum of the channels, weighted with it.
/// </summary>
internal static class GradCam
{
    private const float Least = 0.25f;

    /// <summary>The evidence for a class at each position, 0 to 1 row by row; null where the network ends in no map, or pools otherwise.</summary>
    public static (float[] Map, int Height, int Width)? Map(TransferNetwork network, InputEncoder encoder, ComputeDevice compute, Example example, int label, CancellationToken cancellation)
    {
        if (network.Backbone.Pooling != Pooling.Mean)
        {
            return null;
        }

        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        network.Evaluate();
        Tensor raw = encoder.Encode([example], null, cancellation);
        Tensor maps = network.Backbone.Forward(encoder.Normalize(raw, compute.Device, compute.TypeFor(network.Backbone)), 0, network.Backbone.Groups.Count).Values.to(ScalarType.Float32);
        if (maps.Dimensions != 4)
        {
            return null;
        }

        Tensor weights = Gradient(network, maps.mean([2, 3]), label).view(1, -1, 1, 1);         // (1, C, 1, 1)
        Tensor map = (maps * weights).sum(new long[] { 1 }).relu()[0].cpu().contiguous();       // (H, W)
        float[] values = map.data<float>().ToArray();
        float most = Math.Max(1e-12f, values.Max());
        return (Array.ConvertAll(values, value => value / most), (int)map.shape[0], (int)map.shape[1]);
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
        float upper = float.Lerp(map[(top * width) + left], map[(top * width) + right], x - left), lower = float.Lerp(map[(bottom * width) + left], map[(bottom * width) + right], x - left);
        return float.Lerp(upper, lower, y - top);
    }
}
