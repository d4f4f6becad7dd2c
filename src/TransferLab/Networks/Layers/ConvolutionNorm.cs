using System.Runtime.CompilerServices;
using TorchSharp.Modules;
using TransferLab.Runtime;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks;

/// <summary>
/// Convolution, then batch normalisation. Where many batches run on unchanged weights, the two are one affine map: the scale goes into the
/// weights once, and each batch needs one pass over its activations less.
/// </summary>
internal static class ConvolutionNorm
{
    private static readonly ConditionalWeakTable<Conv2d, Folded> s_folded = [];

    /// <summary>Maps [N, inputs, H, W] of any floating type to [N, outputs, H', W'] of that type; parameters stay float32.</summary>
    public static Tensor Forward(Tensor x, Conv2d convolution, BatchNorm2d norm)
    {
        if (!norm.training && s_folded.TryGetValue(convolution, out Folded? folded) && folded.Weight.dtype == x.dtype
            && ForwardPass.Current?.Adapters?.Of(convolution) is null)
        {
            return Convolve(x, folded.Weight, folded.Bias, convolution);
        }

        x = LowRankLayer.AddTo(Convolve(x, convolution.weight!.to(x.dtype), null, convolution), x, convolution);
        return functional.batch_norm(x, norm.running_mean, norm.running_var, norm.weight, norm.bias, norm.training, norm.momentum ?? 0.1, norm.eps);
    }

    /// <summary>
    /// Folds once and for all until the result is disposed: for runs over many batches during which the weights do not change.
    /// </summary>
    public static IDisposable Hold(Conv2d convolution, BatchNorm2d norm, ScalarType type)
    {
        if (s_folded.TryGetValue(convolution, out Folded? held) && held.Weight.dtype == type)
        {
            return new NothingToRelease(); // Held by somebody who stays longer.
        }

        using IDisposable noGradient = no_grad();
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        (Tensor weight, Tensor bias) = Fold(convolution, norm, type);
        Folded folded = new(convolution, ChannelsLast.Of(weight).DetachFromDisposeScope(), bias.DetachFromDisposeScope());
        s_folded.AddOrUpdate(convolution, folded);
        return folded;
    }

    /// <summary>
    /// The convolution; a float32 one of 1x1 on contiguous channels. libtorch 2.10 computes it wrongly on some processors where they are stored
    /// last (256 to 512 channels: off by 14 %), and only there.
    /// </summary>
    private static Tensor Convolve(Tensor x, Tensor weight, Tensor? bias, Conv2d convolution)
    {
        x = weight.shape[2] == 1 && x.dtype == ScalarType.Float32 ? x.contiguous() : x;
        return functional.conv2d(x, weight, bias, convolution.stride!, convolution.padding!);
    }

    private static (Tensor Weight, Tensor Bias) Fold(Conv2d convolution, BatchNorm2d norm, ScalarType type)
    {
        Tensor scale = norm.weight! * norm.running_var!.Plus(tensor((float)norm.eps)).rsqrt(); // (C)
        Tensor bias = norm.bias!.Minus(norm.running_mean! * scale);                    // (C)
        Tensor weight = convolution.weight! * scale.view(-1, 1, 1, 1);                // (C, inputs, k, k)
        return (weight.to(type), bias.to(type));
    }

    private sealed class NothingToRelease : IDisposable
    {
        public void Dispose()
        {
        }
    }

    private sealed record Folded(Conv2d Convolution, Tensor Weight, Tensor Bias) : IDisposable
    {
        public void Dispose()
        {
            s_folded.Remove(Convolution);
            Weight.Dispose();
            Bias.Dispose();
        }
    }
}
