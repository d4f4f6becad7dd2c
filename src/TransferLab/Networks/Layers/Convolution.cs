using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks;

/// <summary>
/// A convolution of [N, C, H, W] around what libtorch 2.10 gets wrong in float32 on some processors: one of 1x1 where channels are stored last (256 to 512
/// channels: off by 14 %; 128 to 512: by a half; 256 to 1024: it ends the process); the input's gradient of one of 3x3 and few channels where they are not; a
/// backward pass that ends the process (1x1, stride 2, 512 channels and more).
/// And what it makes of channels in blocks of 16 that are not full: the rest is memory that nobody wrote, times zero, which leaves a NaN a NaN, so that results
/// hold some now and then, as what was freed before decides; in bfloat16 some are wrong by a third, whatever was there (8 channels from 8 or 3).
/// </summary>
internal static class Convolution
{
    /// <summary>A strided one of 1x1 is convolved with up to so many channels, on contiguous ones: what ResNet-18 has, whose results stay as they are to the
    /// last bit.</summary>
    private const int MostStrided = 256;

    /// <summary>
    /// From so many channels on, one of 1x1 is convolved on contiguous ones, even where they have to be moved there and back: what is saved grows with inputs
    /// times outputs, and moving with their sum. On AMD's processors the library of matrix products reaches half as much as oneDNN.
    /// </summary>
    private const int Wide = 32, WideToTrain = 100;

    /// <summary>Channels that oneDNN stores together.</summary>
    private const int Block = 16;

    /// <summary>The convolution by a weight and a bias in place of the layer's own.</summary>
    /// <param name="x">[N, inputs, H, W].</param>
    /// <param name="weight">[outputs, inputs / groups, k, k] of the same type.</param>
    /// <param name="bias">[outputs] of the same type, or null.</param>
    /// <param name="layer">Its stride, padding, dilation and groups are used.</param>
    public static Tensor Of(Tensor x, Tensor weight, Tensor? bias, Conv2d layer)
    {
        bool trains = x.device_type == DeviceType.CPU && is_grad_enabled() && (x.requires_grad || weight.requires_grad);
        if (x.device_type == DeviceType.CPU && layer.groups == 1 && weight.shape[2] > 1)
        {
            (long outputs, long inputs) = (weight.shape[0], weight.shape[1]);
            long moreOutputs = x.dtype == ScalarType.BFloat16 || (trains && x.requires_grad) ? Missing(outputs) : 0;
            long moreInputs = inputs > Block ? Missing(inputs) : 0;
            if (moreOutputs + moreInputs > 0)
            {
                Tensor padded = functional.pad(weight, [0, 0, 0, 0, 0, moreInputs, 0, moreOutputs]);
                return Of(moreInputs == 0 ? x : functional.pad(x, [0, 0, 0, 0, 0, moreInputs]), padded,
                    bias is null ? null : functional.pad(bias, [0, moreOutputs]), layer).narrow(1, 0, outputs);
            }
        }

        if (trains && x.dtype == ScalarType.BFloat16 && !IsSound(x, weight.shape, layer))
        {
            return Of(x.to(ScalarType.Float32), weight.to(ScalarType.Float32), bias?.to(ScalarType.Float32), layer).to(x.dtype);
        }

        if (x.dtype == ScalarType.Float32)
        {
            long stride = layer.stride![0];
            bool isFast = !trains && x.device_type == DeviceType.CPU && MatrixProduct.IsFaster;
            if (weight.shape[2] > 1)
            {
                x = trains || layer.groups > 1 || !x.is_contiguous() ? ChannelsLast.Of(x) : x;
            }
            else if (layer.groups > 1 || (stride > 1 && weight.shape[1] <= MostStrided))
            {
                x = x.contiguous();
            }
            else if (trains ? stride == 1 && IsWorthMoving(weight.shape, WideToTrain) : !isFast && IsWorthMoving(weight.shape, Wide))
            {
                (x, weight) = (Planes(x), Planes(weight));
            }
            else
            {
                return Product(x, weight, bias, stride, isFast);
            }
        }

        return functional.conv2d(x, weight, bias, layer.stride!, layer.padding!, layer.dilation!, layer.groups);
    }

    /// <summary>Contiguous, and by its strides too: sides of one pixel leave open whether channels are last, and libtorch then takes them for it.</summary>
    private static Tensor Planes(Tensor x) => x.contiguous().view(x.shape[0], x.shape[1], -1).view(x.shape);

    private static bool IsWorthMoving(long[] weight, int least) => weight[0] * weight[1] >= least * (weight[0] + weight[1]);

    private static long Missing(long channels) => (Block - (channels % Block)) % Block;

    /// <summary>
    /// Whether gradients in bfloat16 are right. They are wrong, by a quarter or without measure, of groups, of the first layer's input, and where strides meet
    /// one pixel or channels that are no power of two; larger kernels were not seen to be right.
    /// </summary>
    private static bool IsSound(Tensor x, long[] shape, Conv2d layer)
    {
        (long inputs, long kernel, long stride) = (shape[1], shape[2], layer.stride![0]);
        return layer.groups == 1
            && (inputs < Block ? kernel > 1 && !x.requires_grad
                : stride == 1 ? kernel <= 3
                : kernel == 1 ? inputs <= MostStrided
                : kernel <= stride || (kernel == 3 && long.IsPow2(inputs) && Math.Min(x.shape[2], x.shape[3]) > 1));
    }

    /// <summary>One of 1x1 is a matrix product over the channels, which are last in memory as it is.</summary>
    private static Tensor Product(Tensor x, Tensor weight, Tensor? bias, long stride, bool isFast)
    {
        Tensor pixels = x.permute(0, 2, 3, 1);                                                                 // (N, H, W, inputs)
        pixels = stride == 1 ? pixels : pixels[.., TensorIndex.Slice(step: stride), TensorIndex.Slice(step: stride)];
        Tensor map = weight.view(weight.shape[0], -1);
        Tensor found = isFast ? MatrixProduct.Linear(pixels, map, bias) : functional.linear(pixels, map, bias);
        return found.permute(0, 3, 1, 2);                                                                      // (N, outputs, H, W)
    }
}
