using System.Runtime.InteropServices;

namespace TransferLab.Runtime;

/// <summary>The file names of libtorch on one platform.</summary>
internal sealed record NativeLibraryLayout(string Rid, string Shim, string TorchCpu, string Torch, IReadOnlyList<string> Dependencies)
{
    public static NativeLibraryLayout Current { get; } = Find();

    /// <summary>Whether there is a NuGet package of libtorch for this system.</summary>
    public bool HasPackage => Rid is "linux-x64" or "win-x64" or "win-arm64" or "osx-arm64";

    /// <summary>The package that brings TorchSharp with a libtorch for NVIDIA GPUs; null where there is none.</summary>
    public string? CudaPackage => Rid switch { "linux-x64" => "TorchSharp-cuda-linux", "win-x64" => "TorchSharp-cuda-windows", _ => null };

    /// <summary>The files of a libtorch for NVIDIA GPUs, in the order in which they are loaded; in others they are not there.</summary>
    public IReadOnlyList<string> Cuda => OperatingSystem.IsWindows() ? ["c10_cuda.dll", "torch_cuda.dll"] : ["libc10_cuda.so", "libtorch_cuda.so"];

    private static NativeLibraryLayout Find()
    {
        string cpu = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64";
        if (OperatingSystem.IsWindows())
        {
            return new($"win-{cpu}", "LibTorchSharp.dll", "torch_cpu.dll", "torch.dll", ["libiomp5md.dll", "uv.dll", "asmjit.dll", "fbgemm.dll", "c10.dll"]);
        }

        return OperatingSystem.IsMacOS()
            ? new($"osx-{cpu}", "libLibTorchSharp.dylib", "libtorch_cpu.dylib", "libtorch.dylib", ["libomp.dylib", "libc10.dylib"])
            : new($"linux-{cpu}", "libLibTorchSharp.so", "libtorch_cpu.so", "libtorch.so", ["libgomp-98b21ff3.so.1", "libc10.so"]);
    }
}
