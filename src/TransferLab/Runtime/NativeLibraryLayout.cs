using System.Runtime.InteropServices;

namespace TransferLab.Runtime;

/// <summary>The file names of libtorch on one platform.</summary>
internal sealed record NativeLibraryLayout(string Rid, string Shim, string TorchCpu, string Torch, IReadOnlyList<string> Dependencies)
{
    public static NativeLibraryLayout Current { get; } = Find();

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
