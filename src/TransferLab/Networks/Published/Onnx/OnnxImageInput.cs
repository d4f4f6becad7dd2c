using Onnx;
using TransferLab.Networks.Weights;

namespace TransferLab.Networks;

/// <summary>The one input of an ONNX graph of images, [N, 3, H, W] or [N, H, W, 3] float32.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ChannelsLast">Whether the channels come last.</param>
/// <param name="Batch">Images that it takes at a time; null for any number.</param>
/// <param name="Size">Width and height that the file fixes; null where it takes any.</param>
internal sealed record OnnxImageInput(string Name, bool ChannelsLast, int? Batch, int? Size)
{
    private const int Channels = 3, MostBatch = 4096;

    /// <summary>Finds it.</summary>
    /// <exception cref="WeightsException">The graph takes something else; one line that says what.</exception>
    public static OnnxImageInput Of(OnnxFile file)
    {
        string all = string.Join(", ", file.Inputs.Select(OnnxFile.Shown));
        if (file.Inputs is not [{ Type.TensorType: { } tensor } input])
        {
            throw new WeightsException(
                $"{file.Path}: as a backbone an ONNX file takes one batch of images [N, 3, H, W] or [N, H, W, 3], and this one takes "
                    + $"{(all.Length > 0 ? all : "nothing")}.");
        }

        if (tensor.ElemType != (int)TensorProto.Types.DataType.Float || tensor.Shape?.Dim is not [var batch, var first, var second, var third])
        {
            throw new WeightsException(
                $"{file.Path}: as a backbone an ONNX file takes images as float32 [N, 3, H, W] or [N, H, W, 3], and this one takes {all}.");
        }

        bool last = third.DimValue == Channels && first.DimValue != Channels;
        (var channels, var height, var width) = last ? (third, first, second) : (first, second, third);
        if (channels.DimValue is not (0 or Channels) || height.DimValue != width.DimValue || height.DimValue > ImageSizes.Most || batch.DimValue > MostBatch)
        {
            throw new WeightsException($"{file.Path}: images reach a network here in three channels and as squares, and this file takes {all}.");
        }

        return new(input.Name, last, batch.DimValue > 0 ? (int)batch.DimValue : null, height.DimValue > 0 ? (int)height.DimValue : null);
    }
}
