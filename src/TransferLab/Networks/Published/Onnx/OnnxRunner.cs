using Microsoft.ML.OnnxRuntime;
using TransferLab.Networks.Weights;
using static TorchSharp.torch;

namespace TransferLab.Networks;

/// <summary>Runs an ONNX graph on ONNX Runtime. Safe to use from several threads; opened when it is first used.</summary>
internal sealed class OnnxRunner(OnnxFile file, OnnxInput input, string output)
{
    private readonly Lazy<InferenceSession> _session = new(() => Open(file, output));

    /// <summary>Runs a batch.</summary>
    /// <param name="x">Images [N, 3, H, W], or token ids [N, T] with their mask.</param>
    /// <returns>The output, float32 on the device of the batch, as <see cref="OnnxInput.Taken"/> makes it. The caller owns it.</returns>
    public Tensor Run(Batch x)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        long count = x.Values.shape[0];
        List<Tensor> parts = [];
        for (long i = 0; i < count; i += input.Batch ?? count)
        {
            parts.Add(Once(x.Rows(i, Math.Min(input.Batch ?? count, count - i))));
        }

        Tensor found = parts.Count == 1 ? parts[0] : cat(parts, 0);
        return input.Taken(found, x).to(x.Values.device).MoveToOuterDisposeScope();
    }

    private Tensor Once(Batch part)
    {
        int size = (int)part.Values.shape[0], rows = input.Batch ?? size;
        IReadOnlyDictionary<string, OrtValue> fed = input.Feed(part, rows);
        try
        {
            using RunOptions options = new();
            using IDisposableReadOnlyCollection<OrtValue> results = _session.Value.Run(options, fed, [output]);
            OrtTensorTypeAndShapeInfo info = results[0].GetTensorTypeAndShape();
            if (info.ElementDataType != Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float || info.Shape is not [var found, ..] || found != rows
                || info.Shape.Length is < 2 or > 4)
            {
                throw new WeightsException(
                    $"{file.Path}: '{output}' gives {info.ElementDataType} [{string.Join(", ", info.Shape)}] for {rows} {input.Describe(part)}, and features "
                        + "are float32 [N, C], [N, T, C] or [N, C, H, W]; name another value by option OnnxOutput.");
            }

            return tensor(results[0].GetTensorDataAsSpan<float>().ToArray(), info.Shape).narrow(0, 0, size);
        }
        catch (OnnxRuntimeException e)
        {
            throw new WeightsException($"{file.Path}: ONNX Runtime cannot run it on {input.Describe(part)} ({OneLine(e)}).", e);
        }
        finally
        {
            foreach (OrtValue value in fed.Values)
            {
                value.Dispose();
            }
        }
    }

    private static InferenceSession Open(OnnxFile file, string output)
    {
        using SessionOptions options = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0"); // libtorch has threads of its own, which want the processor.
        options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", file.ExternalFolder);
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
