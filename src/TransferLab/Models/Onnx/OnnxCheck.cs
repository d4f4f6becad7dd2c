using TorchSharp;
using TransferLab.Networks;
using TransferLab.Prediction;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Models.Onnx;

/// <summary>Runs an exported model in ONNX Runtime, beside the network it came from, before it is written.</summary>
internal static class OnnxCheck
{
    private const float Tolerance = 1e-4f, SumTolerance = 1e-3f;
    private const int MostTokens = 16;

    /// <summary>Compares the probabilities of two made-up inputs.</summary>
    /// <exception cref="InvalidOperationException">ONNX Runtime finds something else than the network, or nothing finite.</exception>
    public static void Agree(byte[] model, BackboneNetwork network, InputEncoder encoder, OnnxPrecision precision, OnnxHead head)
    {
        using DisposeScope scope = NewDisposeScope();
        using OnnxModel loaded = Accepted(() => OnnxModel.Load(model));
        (Tensor raw, float[][] found) = Accepted(() => encoder is ImageEncoder images ? Images(loaded, images) : Tokens(loaded, (TextEncoder)encoder));
        float[] values = [.. found.SelectMany(row => row)];
        if (!values.All(float.IsFinite) || found.Any(row => Math.Abs(row.Sum() - 1) > SumTolerance))
        {
            throw new InvalidOperationException(
                "The exported network gives no probabilities in ONNX Runtime, so no file was written: are all of its weights finite?");
        }

        if (precision == OnnxPrecision.Float32)
        {
            Device device = network.Module.parameters().First().device;
            network.Module.eval();
            Tensor features = network.Prefix(encoder.Normalize(raw, device, ScalarType.Float32), network.Groups.Count).Values;
            float worst = head.Probabilities(features).Zip(values).Max(pair => Math.Abs(pair.First - pair.Second));
            if (!(worst <= Tolerance))
            {
                throw new InvalidOperationException(
                    $"The exported network's probabilities differ from the network's by up to {worst:0.0000} in ONNX Runtime, so no file was written.");
            }
        }
    }

    /// <summary>ONNX Runtime refuses a graph by exceptions of several types, when it is loaded and when it runs; to callers they are one.</summary>
    private static T Accepted<T>(Func<T> run)
    {
        try
        {
            return run();
        }
        catch (Exception e) when (e is not (OperationCanceledException or OutOfMemoryException))
        {
            throw new InvalidOperationException($"ONNX Runtime does not run the exported network, so no file was written: {e.Message.ReplaceLineEndings(" ")}",
                e);
        }
    }

    private static (Tensor Raw, float[][] Found) Images(OnnxModel loaded, ImageEncoder encoder)
    {
        byte[] pixels = new byte[2 * encoder.Size * encoder.Size * 3];
        new Random(0).NextBytes(pixels);
        Tensor raw = tensor(pixels, [2, encoder.Size, encoder.Size, 3], ScalarType.Byte);
        Tensor planes = raw.permute(0, 3, 1, 2).to(ScalarType.Float32).contiguous();
        return (raw, loaded.Run(planes.data<float>().ToArray(), 2));
    }

    /// <summary>Two rows of ids, the second half as long.</summary>
    private static (Tensor Raw, float[][] Found) Tokens(OnnxModel loaded, TextEncoder encoder)
    {
        int length = Math.Min(MostTokens, encoder.MaxTokens), vocabulary = encoder.Pieces;
        Random random = new(0);
        bool[] shown = [.. Enumerable.Range(0, 2 * length).Select(i => i < length + (length / 2))];
        long[] ids = [.. shown.Select(token => token ? (encoder.Padding + 1 + random.Next(vocabulary - 1)) % vocabulary : encoder.Padding)];
        long[] raw = [.. ids.Zip(shown, (id, token) => token ? id : encoder.Filler)];
        return (tensor(raw, [2, length]), loaded.Run(ids, [.. shown.Select(token => token ? 1L : 0L)], 2));
    }
}
