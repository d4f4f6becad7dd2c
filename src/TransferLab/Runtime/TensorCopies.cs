using TorchSharp;
using static TorchSharp.torch;

namespace TransferLab.Runtime;

/// <summary>
/// Copies that outlive the present dispose scope. TorchSharp frees a tensor that nobody refers to even while libtorch works on it: in a chain such as
/// <c>weight.detach().to(type)</c> outside a dispose scope, a garbage collection during the conversion frees what is being converted, and the process dies. So
/// nothing but the tensor itself, which its owner keeps, is worked on here.
/// </summary>
internal static class TensorCopies
{
    /// <summary>The values without their gradient; the caller owns the copy.</summary>
    /// <param name="value">Somebody keeps it meanwhile.</param>
    /// <param name="type">Of the copy; the tensor's own where null.</param>
    public static Tensor Copied(this Tensor value, ScalarType? type = null)
    {
        using IDisposable noGradient = no_grad();
        Tensor copy = value.to(type ?? value.dtype, copy: true).DetachFromDisposeScope();
        GC.KeepAlive(value);
        return copy;
    }
}
