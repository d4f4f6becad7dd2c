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
            return Convolution.Of(x, folded.Weight, folded.Bias, convolution);
        }

        x = LowRankLayer.AddTo(Convolution.Of(x, TrainedCopies.In(convolution.weight!, x.dtype), null, convolution), x, convolution);
        return functional.batch_norm(x, norm.running_mean, norm.running_var, norm.weight, norm.bias, norm.training, norm.momentum ?? 0.1, norm.eps);
    }

    /// <summary>
    /// Folds once and for all until the result is disposed: for runs over many batches during which the weights do not change.
    /// </summary>
    public static IDisposable CastWeights(Conv2d convolution, BatchNorm2d norm, ScalarType type)
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

    /// <summary>A convolution in the type of its input, low-rank update included, without normalisation.</summary>
    public static Tensor Convolve(Tensor x, Conv2d convolution) =>
        LowRankLayer.AddTo(Convolution.Of(x, TrainedCopies.In(convolution.weight!, x.dtype), convolution.bias?.to(x.dtype), convolution), x, convolution);

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
