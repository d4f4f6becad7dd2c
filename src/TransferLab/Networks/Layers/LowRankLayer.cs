using System.Runtime.CompilerServices;
using TorchSharp;
using TorchSharp.Modules;
using TransferLab.Runtime;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks;

/// <summary>
/// A low-rank update of one linear or convolution layer, which stays as it is: its output gains scale x up(down(x)). Until disposed it is found by
/// every forward pass of that layer. Parameters are float32 and computed with in the type of the input, like all others.
/// </summary>
internal sealed class LowRankLayer : IDisposable
{
    private static readonly ConditionalWeakTable<Module, LowRankLayer> s_layers = [];
    private readonly Module _layer;
    private readonly float _scale;
    private readonly Action _unhook;

    private LowRankLayer(Module layer, Tensor weight, int rank, double alpha)
    {
        long[] shape = weight.shape;
        long inner = Math.Min(rank, Math.Min(shape[0], weight.numel() / shape[0]));
        _layer = layer;
        _scale = (float)(alpha / rank);
        using DisposeScope scope = NewDisposeScope();
        Tensor down = empty([inner, .. shape[1..]], device: weight.device);
        init.kaiming_uniform_(down, Math.Sqrt(5));
        Down = new(down);                                                       // (rank, inputs[, k, k])
        Up = new(zeros([shape[0], inner], device: weight.device));              // (outputs, rank): the update starts at nothing.
        scope.Detach(Down, Up);
        s_layers.Add(layer, this);

        // For layers that are called; TypedLinear and ConvolutionNorm compute with the weights of theirs, and call AddTo.
        _unhook = ((Module<Tensor, Tensor>)layer).register_forward_hook((_, x, y) => y.Plus(Update(x))).remove;
    }

    /// <summary>[rank, inputs] or [rank, inputs, k, k].</summary>
    public Parameter Down { get; }

    /// <summary>[outputs, rank].</summary>
    public Parameter Up { get; }

    /// <summary>Puts an update beside a layer; null where the layer is none that it could adapt.</summary>
    public static LowRankLayer? Beside(Module layer, int rank, double alpha) => layer switch
    {
        Linear { weight: { } weight } => new(layer, weight, rank, alpha),
        Conv2d { weight: { } kernel, groups: 1, stride: not null, padding: not null } convolution when convolution.padding_mode == PaddingModes.Zeros => new(layer, kernel, rank, alpha),
        _ => null,
    };

    /// <summary>The output of a layer for an input, with its update where it has one.</summary>
    public static Tensor AddTo(Tensor output, Tensor input, Module layer) =>
        s_layers.TryGetValue(layer, out LowRankLayer? update) ? output.Plus(update.Update(input)) : output;

    /// <summary>Adds the update to the layer's weight in place; the network then computes the same without it, once this is disposed.</summary>
    public void Merge()
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor weight = _layer is Linear linear ? linear.weight! : ((Conv2d)_layer).weight!;
        weight.PlusInPlace((Up.mm(Down.view(Down.shape[0], -1)) * tensor(_scale, device: Up.device)).view(weight.shape));
    }

    public void Dispose()
    {
        s_layers.Remove(_layer);
        _unhook();
        Down.Dispose();
        Up.Dispose();
    }

    private Tensor Update(Tensor x)
    {
        Tensor up = (Up * tensor(_scale, device: Up.device)).to(x.dtype), down = Down.to(x.dtype);
        if (_layer is not Conv2d convolution)
        {
            return x.matmul(down.t()).matmul(up.t());                           // (..., outputs)
        }

        x = down.shape[2] == 1 && x.dtype == ScalarType.Float32 ? x.contiguous() : x; // See ConvolutionNorm.Convolve.
        Tensor thin = functional.conv2d(x, down, null, convolution.stride!, convolution.padding!, convolution.dilation!);   // (N, rank, H', W')
        return thin.permute(0, 2, 3, 1).matmul(up.t()).permute(0, 3, 1, 2);     // (N, outputs, H', W')
    }
}
