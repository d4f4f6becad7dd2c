using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace TransferLab.Runtime;

/// <summary>
/// Loads the native libtorch before TorchSharp looks for it. TorchSharp's own search misses the package folders of notebooks,
/// and on systems whose libstdc++ is older than GCC 13.2 (Debian 12, Ubuntu 22.04) it fails and blames a missing package.
/// </summary>
/// <remarks>
/// Runs by itself as soon as TorchSharp is loaded after this library. A program that touches <c>torch</c> before anything of
/// TransferLab calls <see cref="Load"/> first.
/// </remarks>
public static class LibTorch
{
    /// <summary>
    /// A folder with libtorch's files, instead of a package's: an unpacked libtorch, a Python package <c>torch</c> of the same version (a CUDA build too), or
    /// an environment that has it.
    /// </summary>
    public const string FolderVariable = "TRANSFERLAB_LIBTORCH";

    /// <summary>The version of libtorch that TorchSharp expects, and of its packages.</summary>
    public const string PackageVersion = "2.10.0";

    private const string TorchSharpVersion = "0.107.0";
    private const string MissingVersion = "GLIBCXX_3.4.32";
    private static readonly object s_lock = new();
    private static State s_state;
    private static Exception? s_failure;
    private static string? s_folder;
    private static nint s_torch;

    /// <summary>The NuGet package of libtorch for processors of this system; null where there is none.</summary>
    public static string? PackageName => NativeLibraryLayout.Current.HasPackage ? $"libtorch-cpu-{NativeLibraryLayout.Current.Rid}" : null;

    /// <summary>Whether libtorch's files are where <see cref="Load"/> looks.</summary>
    /// <exception cref="LibTorchException">A folder was named that holds none, or one of another version.</exception>
    public static bool IsThere => Find(NativeFolders(NativeLibraryLayout.Current), NativeLibraryLayout.Current.TorchCpu) is not null;

    /// <summary>Why the part for NVIDIA GPUs, which is there, could not be loaded; null where it was, or is not there.</summary>
    internal static string? CudaFailure { get; private set; }

    /// <summary>Names a folder with libtorch's files, to be looked in first. It has an effect before the first use of libtorch alone.</summary>
    public static void SearchIn(string folder)
    {
        lock (s_lock)
        {
            s_folder = folder;
            s_state = s_state == State.Failed ? State.NotTried : s_state;
        }
    }

    /// <summary>The address of a C function of libtorch's part for processors; 0 where it has none of that name, or is not loaded.</summary>
    internal static nint Export(string function) => s_torch != 0 && NativeLibrary.TryGetExport(s_torch, function, out nint address) ? address : 0;

    /// <summary>Loads libtorch; does nothing when it is loaded already.</summary>
    /// <exception cref="LibTorchException">It is not there or does not suit this system; the message says what to do.</exception>
    public static void Load()
    {
        if (Try() is { } failure)
        {
            throw failure as LibTorchException ?? new LibTorchException(failure.Message, failure);
        }
    }

#pragma warning disable CA2255 // A library's module initializer: it only listens, and must come before TorchSharp's static constructor.
    [ModuleInitializer]
    internal static void LoadWithTorchSharp()
    {
        AppDomain.CurrentDomain.AssemblyLoad += (_, loaded) =>
        {
            if (loaded.LoadedAssembly.GetName().Name == "TorchSharp")
            {
                _ = Try();
            }
        };
    }
#pragma warning restore CA2255

    private static Exception? Try()
    {
        lock (s_lock)
        {
            if (s_state == State.NotTried)
            {
                s_state = State.Trying; // Looking for files loads TorchSharp, which comes back here.
                s_failure = TryLoad();
                s_state = s_failure is null ? State.Loaded : State.Failed;
            }

            return s_state == State.Failed ? s_failure : null;
        }
    }

    private static Exception? TryLoad()
    {
        try
        {
            NativeLibraryLayout layout = NativeLibraryLayout.Current;
            IReadOnlyList<string> folders = NativeFolders(layout);
            NativeThreads.WaitAsleep();
            foreach (string dependency in layout.Dependencies)
            {
                // On Windows and macOS the loader finds them beside each other; a failure shows at the shim.
                if (Find(folders, dependency) is { } path)
                {
                    NativeLibrary.TryLoad(path, out _);
                }
            }

            string torch = Find(folders, layout.TorchCpu) ?? throw new LibTorchException(Missing(layout, folders));
            s_torch = NativeLibrary.Load(torch);
            LoadCuda(layout, Path.GetDirectoryName(torch)!);
            if (Find(folders, layout.Torch) is { } umbrella)
            {
                NativeLibrary.Load(umbrella); // The shim names it, and the shim may be loaded from another folder.
            }

            string shim = Find(folders, layout.Shim) ?? throw new LibTorchException(
                $"{layout.Shim} is missing: it comes with the NuGet package TorchSharp. Looked in: {string.Join("; ", folders)}.");
            NativeLibrary.Load(OperatingSystem.IsLinux() ? SuitableShim(shim) : shim);
            return null;
        }
        catch (Exception e) when (e is LibTorchException or DllNotFoundException or BadImageFormatException or IOException or UnauthorizedAccessException)
        {
            return e;
        }
    }

    // By path, because TorchSharp asks for them by name, and a loaded library is found by its name. Where the GPU's own libraries are missing, the processor
    // serves.
    private static void LoadCuda(NativeLibraryLayout layout, string folder)
    {
        foreach (string path in layout.Cuda.Select(file => Path.Combine(folder, file)).Where(File.Exists))
        {
            try
            {
                NativeLibrary.Load(path);
            }
            catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
            {
                CudaFailure ??= $"{Path.GetFileName(path)} cannot be loaded: {e.Message.Split('\n')[0].TrimEnd('.')}";
            }
        }
    }

    /// <summary>What to add, for this system.</summary>
    internal static string Missing(NativeLibraryLayout layout, IReadOnlyList<string> folders)
    {
        string add = layout.HasPackage
            ? $"add the NuGet package libtorch-cpu-{layout.Rid} {PackageVersion} to the "
                + $"program{(layout.CudaPackage is { } cuda ? $" (for an NVIDIA GPU, {cuda} {TorchSharpVersion} instead)" : "")}, or name a folder with its "
                + $"files in {FolderVariable}"
            : $"there is no package of it for {layout.Rid}, only for linux-x64, win-x64, win-arm64 and osx-arm64. A model that was exported as ONNX runs here "
                + $"without it";
        return $"libtorch is missing: {add}. Looked in: {string.Join("; ", folders)}.";
    }

    /// <summary>TorchSharp's shim itself, or, where the system's libstdc++ lacks a version it names but does not use, a copy that does not insist.</summary>
    private static string SuitableShim(string shim)
    {
        if (NativeLibrary.TryLoad(shim, out _))
        {
            return shim;
        }

        byte[] file = File.ReadAllBytes(shim);
        if (!ElfFile.MakeVersionOptional(file, MissingVersion))
        {
            return shim; // Loading it again gives the system's own reason.
        }

        string folder = Path.Combine(UserFolders.Cache, "native", $"torchsharp-{typeof(DeviceType).Assembly.GetName().Version}");
        string copy = Path.Combine(folder, Path.GetFileName(shim));
        if (!File.Exists(copy) || !File.ReadAllBytes(copy).AsSpan().SequenceEqual(file))
        {
            KeepCopy(copy, file);
        }

        try
        {
            NativeLibrary.Load(copy);
            return copy;
        }
        catch (DllNotFoundException e)
        {
            string reason = e.Message.Contains("GLIBCXX", StringComparison.Ordinal)
                ? "this system's libstdc++ is older than GCC 12. Use a newer system, or name a newer libstdc++.so.6 in LD_PRELOAD."
                : e.Message;
            throw new LibTorchException($"{Path.GetFileName(shim)} cannot be loaded: {reason}", e);
        }
    }

    private static void KeepCopy(string copy, byte[] file)
    {
        try
        {
            WholeFile.Write(copy, stream => stream.Write(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LibTorchException(
                $"{Path.GetDirectoryName(copy)} cannot be written to ({e.Message.TrimEnd('.')}), and this system needs a changed copy of "
                    + $"{Path.GetFileName(copy)} there: set HOME or XDG_CACHE_HOME to a folder of yours.", e);
        }
    }

    private static string? Find(IReadOnlyList<string> folders, string file) =>
        folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);

    private static List<string> NativeFolders(NativeLibraryLayout layout)
    {
        List<string> folders = [];
        if (s_folder is not null)
        {
            folders.Add(LibTorchFolder.Find(s_folder, layout.TorchCpu, "The folder"));
        }

        if (Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } named)
        {
            folders.Add(LibTorchFolder.Find(named, layout.TorchCpu, FolderVariable));
        }

        folders.AddRange((AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(Path.PathSeparator,
            StringSplitOptions.RemoveEmptyEntries));
        folders.Add(AppContext.BaseDirectory);
        folders.Add(Path.Combine(AppContext.BaseDirectory, "runtimes", layout.Rid, "native"));

        // Through an enum: it does not run TorchSharp's static constructor.
        if (Path.GetDirectoryName(typeof(DeviceType).Assembly.Location) is { Length: > 0 } beside)
        {
            folders.Add(beside);
            folders.Add(Path.Combine(beside, "runtimes", layout.Rid, "native"));
            AddPackageFolders(folders, Path.GetFullPath(Path.Combine(beside, "..", "..", "..", "..")), layout.Rid);
        }

        return [.. folders.Distinct().Where(Directory.Exists)];
    }

    /// <summary>In a notebook TorchSharp lies at <c>packages/torchsharp/VERSION/lib/TFM</c>, and libtorch in a package beside it.</summary>
    private static void AddPackageFolders(List<string> folders, string packages, string rid)
    {
        Version torchSharp = typeof(DeviceType).Assembly.GetName().Version ?? new Version();
        folders.Add(Path.Combine(packages, "torchsharp", torchSharp.ToString(3), "runtimes", rid, "native"));
        folders.Add(Path.Combine(packages, $"libtorch-cpu-{rid}", PackageVersion, "runtimes", rid, "native"));
    }

    private enum State
    {
        NotTried,
        Trying,
        Loaded,
        Failed,
    }
}
