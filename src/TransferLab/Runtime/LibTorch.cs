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
    private const string TorchVersion = "2.10.0";
    private const string MissingVersion = "GLIBCXX_3.4.32";
    private static readonly Lazy<Exception?> s_failure = new(TryLoad);

    /// <summary>Loads libtorch; does nothing when it is loaded already.</summary>
    /// <exception cref="LibTorchException">It is not there or does not suit this system; the message says what to do.</exception>
    public static void Load()
    {
        if (s_failure.Value is { } failure)
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
                _ = s_failure.Value;
            }
        };
    }
#pragma warning restore CA2255

    private static Exception? TryLoad()
    {
        try
        {
            NativeMemory.ReuseLargeBlocks();
            NativeLibraryLayout layout = NativeLibraryLayout.Current;
            IReadOnlyList<string> folders = NativeFolders(layout);
            foreach (string dependency in layout.Dependencies)
            {
                // On Windows and macOS the loader finds them beside each other; a failure shows at the shim.
                if (Find(folders, dependency) is { } path)
                {
                    NativeLibrary.TryLoad(path, out _);
                }
            }

            string torch = Find(folders, layout.TorchCpu) ?? throw new LibTorchException(
                $"libtorch is missing: add the NuGet package libtorch-cpu-{layout.Rid} {TorchVersion} to the program. Looked in: {string.Join("; ", folders)}.");
            NativeLibrary.Load(torch);
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
            Directory.CreateDirectory(folder);
            string temporary = Path.Combine(folder, Path.GetRandomFileName());
            File.WriteAllBytes(temporary, file);
            File.Move(temporary, copy, overwrite: true);
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

    private static string? Find(IReadOnlyList<string> folders, string file) =>
        folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);

    private static List<string> NativeFolders(NativeLibraryLayout layout)
    {
        List<string> folders = [.. (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)];
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
        folders.Add(Path.Combine(packages, $"libtorch-cpu-{rid}", TorchVersion, "runtimes", rid, "native"));
    }
}
