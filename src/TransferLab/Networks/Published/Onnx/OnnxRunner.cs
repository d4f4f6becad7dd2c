using Microsoft.ML.OnnxRuntime;
using TransferLab.Networks.Weights;
using static TorchSharp.torch;

namespace TransferLab.Networks;

/// <summary>Runs an ONNX graph of images on ONNX Runtime. Safe to use from several threads; opened when it is first used.</summary>
internal sealed class OnnxRunner(OnnxFile file, OnnxImageInput input, string output)
{
    private readonly Lazy<InferenceSession> _session = new(() => Open(file, output));

    /// <summary>Runs a batch.</summary>
    /// <param name="images">[N, 3, H, W] float32.</param>
    /// <returns>The output as it is, but for maps with the channels last, which become [N, C, H, W]; float32 on the device of the images.</returns>
    public Tensor Run(Tensor images)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        Tensor pixels = (input.ChannelsLast ? images.permute(0, 2, 3, 1) : images).to(ScalarType.Float32).cpu().contiguous();
        long count = pixels.shape[0];
        List<Tensor> parts = [];
        for (long i = 0; i < count; i += input.Batch ?? count)
        {
            long size = Math.Min(input.Batch ?? count, count - i);
            parts.Add(Once(pixels.narrow(0, i, size), size));
        }

        Tensor found = parts.Count == 1 ? parts[0] : cat(parts, 0);
        found = input.ChannelsLast && found.Dimensions == 4 ? found.permute(0, 3, 1, 2).contiguous() : found;
        return found.to(images.device).MoveToOuterDisposeScope();
    }

    private Tensor Once(Tensor part, long size)
    {
        int batch = input.Batch ?? (int)size;
        long[] shape = [batch, .. part.shape[1..]];
        float[] values = new float[shape.Aggregate(1L, (product, axis) => product * axis)]; // What a fixed batch has too much stays zero.
        part.data<float>().CopyTo(values);
        try
        {
            using OrtValue fed = OrtValue.CreateTensorValueFromMemory(values, shape);
            using RunOptions options = new();
            using IDisposableReadOnlyCollection<OrtValue> results = _session.Value.Run(options, [input.Name], [fed], [output]);
            OrtTensorTypeAndShapeInfo info = results[0].GetTensorTypeAndShape();
            if (info.ElementDataType != Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float || info.Shape is not [var rows, ..] || rows != batch
                || info.Shape.Length is < 2 or > 4)
            {
                throw new WeightsException(
                    $"{file.Path}: '{output}' gives {info.ElementDataType} [{string.Join(", ", info.Shape)}] for {batch} images, and features are float32 [N, "
                        + $"C], [N, T, C] or [N, C, H, W]; name another value by option OnnxOutput.");
            }

            return tensor(results[0].GetTensorDataAsSpan<float>().ToArray(), info.Shape).narrow(0, 0, size);
        }
        catch (OnnxRuntimeException e)
        {
            throw new WeightsException($"{file.Path}: ONNX Runtime cannot run it on images of {part.shape[^1]} px ({OneLine(e)}).", e);
        }
    }

    private static InferenceSession Open(OnnxFile file, string output)
    {
        using SessionOptions options = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0"); // libtorch has threads of its own, which want the processor.
        options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", Path.GetDirectoryName(Path.GetFullPath(file.Path))!);
        try
        {
            return new(file.WithOutput(output), options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new WeightsException($"{file.Path}: ONNX Runtime refuses it ({OneLine(e)}).", e);
        }
    }

    private static string OneLine(OnnxRuntimeException e)
    {
        string line = e.Message.ReplaceLineEndings(" ").Trim().TrimEnd('.');
        return line.Length > 300 ? line[..300] + "..." : line;
    }
}
