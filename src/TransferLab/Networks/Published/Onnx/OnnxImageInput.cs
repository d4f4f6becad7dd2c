using Microsoft.ML.OnnxRuntime;
using Onnx;
using TransferLab.Networks.Weights;
using static TorchSharp.torch;

namespace TransferLab.Networks;

/// <summary>The one input of an ONNX graph of images, [N, 3, H, W] or [N, H, W, 3] float32.</summary>
internal sealed record OnnxImageInput : OnnxInput
{
    private const int Channels = 3, MostBatch = 4096;
    private readonly string _name;
    private readonly bool _channelsLast;

    private OnnxImageInput(string name, bool channelsLast) => (_name, _channelsLast) = (name, channelsLast);

    /// <summary>Width and height that the file fixes; null where it takes any.</summary>
    public int? Size { get; private init; }

    /// <inheritdoc cref="OnnxInput.Of"/>
    public static new OnnxImageInput Of(OnnxFile file)
    {
        string all = string.Join(", ", file.Inputs.Select(OnnxFile.Shown));
        if (file.Inputs is not [{ Type.TensorType: { } tensor } input])
        {
            throw new WeightsException(
                $"{file.Path}: as a backbone an ONNX file takes one batch of images [N, 3, H, W] or [N, H, W, 3], or token ids [N, T], and this one takes "
                    + $"{(all.Length > 0 ? all : "nothing")}.");
        }

        if (tensor.ElemType != (int)TensorProto.Types.DataType.Float || tensor.Shape?.Dim is not [var batch, var first, var second, var third])
        {
            throw new WeightsException(
                $"{file.Path}: as a backbone an ONNX file takes images as float32 [N, 3, H, W] or [N, H, W, 3], or token ids [N, T], and this one takes "
                    + $"{all}.");
        }

        bool last = third.DimValue == Channels && first.DimValue != Channels;
        (var channels, var height, var width) = last ? (third, first, second) : (first, second, third);
        if (channels.DimValue is not (0 or Channels) || height.DimValue != width.DimValue || height.DimValue > ImageSizes.Most || batch.DimValue > MostBatch)
        {
            throw new WeightsException($"{file.Path}: images reach a network here in three channels and as squares, and this file takes {all}.");
        }

        return new(input.Name, last)
        {
            Batch = batch.DimValue > 0 ? (int)batch.DimValue : null,
            Size = height.DimValue > 0 ? (int)height.DimValue : null,
        };
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, OrtValue> Feed(Batch part, int rows)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        Tensor pixels = (_channelsLast ? part.Values.permute(0, 2, 3, 1) : part.Values).to(ScalarType.Float32).cpu().contiguous();
        long[] shape = [rows, .. pixels.shape[1..]];
        float[] values = new float[shape.Aggregate(1L, (product, axis) => product * axis)];
        pixels.data<float>().CopyTo(values);
        return new Dictionary<string, OrtValue> { [_name] = OrtValue.CreateTensorValueFromMemory(values, shape) };
    }

    /// <inheritdoc/>
    public override Tensor Taken(Tensor output, Batch part) => _channelsLast && output.Dimensions == 4 ? output.permute(0, 3, 1, 2).contiguous() : output;

    /// <inheritdoc/>
    public override string Describe(Batch part) => $"images of {part.Values.shape[^1]} px";

    /// <inheritdoc/>
    public override Batch Probe(InputEncoder encoder)
    {
        int size = ((ImageEncoder)encoder).Size;
        return zeros([1, Channels, size, size]);
    }
}
