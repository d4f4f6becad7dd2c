using TorchSharp;
using TorchSharp.Modules;
using TransferLab.Runtime;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks;

/// <summary>
/// A low-rank update of one linear or convolution layer, which stays as it is: its output gains scale x up(down(x)) in the forward passes of the network whose
/// adapters it belongs to (<see cref="ForwardPass"/>). Parameters are float32 and computed with in the type of the input, like all others.
/// </summary>
internal sealed class LowRankLayer : IDisposable
{
    private readonly Module _layer;
    private readonly float _scale;
    private readonly Action _unhook;

    private LowRankLayer(Module layer, Tensor weight, int rank, double alpha, AdapterSet owner)
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

        // For layers that are called; TypedLinear and ConvolutionNorm compute with the weights of theirs, and call AddTo.
        _unhook = ((Module<Tensor, Tensor>)layer).register_forward_hook((_, x, y) => ForwardPass.Current?.Adapters == owner ? y.Plus(Update(x)) : y).remove;
    }

    /// <summary>[rank, inputs] or [rank, inputs, k, k].</summary>
    public Parameter Down { get; }

    /// <summary>[outputs, rank].</summary>
    public Parameter Up { get; }

    /// <summary>What the product is multiplied by.</summary>
    public float Scale => _scale;

    /// <summary>The weight of the layer; not this object's own.</summary>
    public Tensor Weight => _layer is Linear linear ? linear.weight! : ((Conv2d)_layer).weight!;

    /// <summary>Puts an update beside a layer; null where the layer is none that it could adapt.</summary>
    public static LowRankLayer? Beside(Module layer, int rank, double alpha, AdapterSet owner) => layer switch
    {
        Linear { weight: { } weight } => new(layer, weight, rank, alpha, owner),
        Conv2d { weight: { } kernel, groups: 1, stride: not null, padding: not null } convolution when convolution.padding_mode == PaddingModes.Zeros =>
            new(layer, kernel, rank, alpha, owner),
        _ => null,
    };

    /// <summary>The output of a layer for an input, with its update where it has one.</summary>
    public static Tensor AddTo(Tensor output, Tensor input, Module layer) =>
        ForwardPass.Current?.Adapters?.Of(layer) is { } update ? output.Plus(update.Update(input)) : output;

    /// <summary>Adds the update to the layer's weight in place; the network then computes the same without it, once this is disposed.</summary>
    public void Merge()
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Weight.PlusInPlace(Delta());
    }

    /// <summary>The layer's weight with the update. The caller owns it.</summary>
    public Tensor Merged()
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        return Weight.Plus(Delta()).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _unhook();
        Down.Dispose();
        Up.Dispose();
    }

    private Tensor Delta() => (Up.mm(Down.view(Down.shape[0], -1)) * tensor(_scale, device: Up.device)).view(Weight.shape);

    private Tensor Update(Tensor x)
    {
        Tensor up = (Up * tensor(_scale, device: Up.device)).to(x.dtype), down = Down.to(x.dtype);
        if (_layer is not Conv2d convolution)
        {
            return x.matmul(down.t()).matmul(up.t());                           // (..., outputs)
        }

        Tensor thin = Convolution.Of(x, down, null, convolution);                // (N, rank, H', W')
        return thin.permute(0, 2, 3, 1).matmul(up.t()).permute(0, 3, 1, 2);     // (N, outputs, H', W')
    }
}
