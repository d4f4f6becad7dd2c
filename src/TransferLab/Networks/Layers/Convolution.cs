using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks;

/// <summary>
/// A convolution of [N, C, H, W] around what libtorch 2.10 gets wrong in float32 on some processors: one of 1x1 where channels are stored last (256 to 512
/// channels: off by
/// 14 %); the input's gradient of one of 3x3 and few channels where they are not; a backward pass that ends the process (1x1, stride 2, 512 channels and more).
/// </summary>
internal static class Convolution
{
    /// <summary>A strided one of 1x1 is convolved with up to so many channels, on contiguous ones: what ResNet-18 has, whose results stay as they are to the
    /// last bit.</summary>
    private const int MostStrided = 256;

    /// <summary>The convolution by a weight and a bias in place of the layer's own.</summary>
    /// <param name="x">[N, inputs, H, W].</param>
    /// <param name="weight">[outputs, inputs / groups, k, k] of the same type.</param>
    /// <param name="bias">[outputs] of the same type, or null.</param>
    /// <param name="layer">Its stride, padding, dilation and groups are used.</param>
    public static Tensor Of(Tensor x, Tensor weight, Tensor? bias, Conv2d layer)
    {
        if (x.dtype == ScalarType.BFloat16 && layer.groups > 1 && x.device_type == DeviceType.CPU && is_grad_enabled()
            && (x.requires_grad || weight.requires_grad))
        {
            return Of(x.to(ScalarType.Float32), weight.to(ScalarType.Float32), bias?.to(ScalarType.Float32), layer).to(x.dtype);
        }

        if (x.dtype == ScalarType.Float32)
        {
            if (weight.shape[2] != 1)
            {
                x = ChannelsLast.Of(x);
            }
            else if (layer.groups == 1 && (layer.stride![0] == 1 || weight.shape[1] > MostStrided))
            {
                return Product(x, weight, bias, layer.stride[0]);
            }
            else
            {
                x = x.contiguous();
            }
        }

        return functional.conv2d(x, weight, bias, layer.stride!, layer.padding!, layer.dilation!, layer.groups);
    }

    /// <summary>One of 1x1 is a matrix product over the channels, which are last in memory as it is.</summary>
    private static Tensor Product(Tensor x, Tensor weight, Tensor? bias, long stride)
    {
        Tensor pixels = x.permute(0, 2, 3, 1);                                                                 // (N, H, W, inputs)
        pixels = stride == 1 ? pixels : pixels[.., TensorIndex.Slice(step: stride), TensorIndex.Slice(step: stride)];
        return functional.linear(pixels, weight.view(weight.shape[0], -1), bias).permute(0, 3, 1, 2);          // (N, outputs, H, W)
    }
}
