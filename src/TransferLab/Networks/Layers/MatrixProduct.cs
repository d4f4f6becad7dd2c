using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using TransferLab.Runtime;
using static TorchSharp.torch;

namespace TransferLab.Networks;

/// <summary>
/// Linear maps in float32 without gradients. libtorch computes them with MKL, which on AMD's processors with AVX512 reaches less than half of what oneDNN does
/// (Zen 5: 84 and 190 GFLOP/s a core). oneDNN's own are in libtorch too, for compiled models, and are called as these call them: TorchSharp binds them not.
/// </summary>
internal static unsafe class MatrixProduct
{
    // PyTorch's shim for compiled models (torch/csrc/inductor/aoti_torch/c/shim_mkldnn.h); a tensor is a pointer to an at::Tensor, as in TorchSharp.
    private static readonly Lazy<nint> s_linear = new(() => IsKind() ? LibTorch.Export("aoti_torch_cpu__linear_pointwise") : 0);

    /// <summary>Whether this processor is one where it pays, and libtorch has oneDNN.</summary>
    public static bool IsFaster => s_linear.Value != 0;

    /// <summary>x W' + b of float32 on a CPU, without a gradient; only where <see cref="IsFaster"/>.</summary>
    /// <param name="x">[..., inputs], read as if contiguous.</param>
    /// <param name="weight">[outputs, inputs].</param>
    /// <param name="bias">[outputs], or null.</param>
    /// <returns>[..., outputs], contiguous.</returns>
    public static Tensor Linear(Tensor x, Tensor weight, Tensor? bias)
    {
        var linear = (delegate* unmanaged<nint, nint, nint*, byte*, double**, long, byte**, nint*, int>)s_linear.Value;
        nint added = bias?.Handle ?? 0, found;
        int error;
        fixed (byte* none = "none\0"u8)
        {
            error = linear(x.Handle, weight.Handle, bias is null ? null : &added, none, null, 0, null, &found);
        }

        GC.KeepAlive(x);
        GC.KeepAlive(weight);
        GC.KeepAlive(bias);
        return error == 0 ? Tensor.UnsafeCreateTensor(found) : throw new ExternalException(
            $"oneDNN does not multiply [{string.Join(", ", x.shape)}] by the transpose of [{string.Join(", ", weight.shape)}].");
    }

    private static bool IsKind()
    {
        if (!Avx512F.IsSupported)
        {
            return false;
        }

        Span<int> vendor = stackalloc int[3];
        (_, vendor[0], vendor[2], vendor[1]) = X86Base.CpuId(0, 0);
        return MemoryMarshal.AsBytes(vendor).SequenceEqual("AuthenticAMD"u8);
    }
}
