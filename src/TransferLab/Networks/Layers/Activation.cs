using TransferLab.Runtime;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks;

/// <summary>What a layer does to each of its values.</summary>
internal enum Activation
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>max(0, x).</summary>
    Relu,

    /// <summary>Cut to 0 to 6 (Howard et al. 2017, arXiv:1704.04861).</summary>
    Relu6,

    /// <summary>x sigmoid(x), also called swish (Elfwing et al. 2017, arXiv:1702.03118).</summary>
    Silu,

    /// <summary>x relu6(x + 3) / 6 (Howard et al. 2019, arXiv:1905.02244).</summary>
    HardSwish,

    /// <summary>x Phi(x), by the error function (Hendrycks and Gimpel 2016, arXiv:1606.08415).</summary>
    Gelu,

    /// <summary>The same by a hyperbolic tangent, as in GPT-2.</summary>
    GeluTanh,

    /// <summary>x sigmoid(1.702 x), the approximation that CLIP uses.</summary>
    QuickGelu,
}

/// <summary>Computes activations.</summary>
internal static class Activations
{
    private const float QuickSlope = 1.702f;

    /// <summary>The activation of values that nobody else needs: some are changed in place.</summary>
    public static Tensor Apply(this Activation activation, Tensor x) => activation switch
    {
        Activation.None => x,
        Activation.Relu => x.relu_(),
        Activation.Relu6 => functional.relu6(x, inplace: true),
        Activation.Silu => functional.silu(x, inplace: !x.requires_grad), // Backward needs what came in.
        Activation.HardSwish => functional.hardswish(x, inplace: !x.requires_grad),
        Activation.Gelu => functional.gelu(x),
        Activation.GeluTanh => GeluByTanh(x),
        Activation.QuickGelu => x * (x * tensor(QuickSlope, x.dtype, x.device)).sigmoid(),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), $"No activation '{activation}'."),
    };

    private static Tensor GeluByTanh(Tensor x)
    {
        Tensor Of(double value) => tensor((float)value, x.dtype, x.device);
        Tensor inner = (x * Of(Math.Sqrt(2 / Math.PI))) * (x * x * Of(0.044715)).Plus(Of(1));
        return (x * Of(0.5)) * inner.tanh().Plus(Of(1));
    }
}
