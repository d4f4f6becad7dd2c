using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TransferLab.Runtime;

/// <summary>
/// Finds the native part of Hugging Face's tokenizers, which a NuGet package of its own brings for each system. .NET's own search misses the
/// package folders of notebooks and of tools.
/// </summary>
public static class TokenizerLibrary
{
    /// <summary>The version of the managed package and of the native ones.</summary>
    public const string PackageVersion = "1.4.1";

    private const string ImportName = "hf_tokenizers";
    private static readonly object s_lock = new();
    private static bool s_listening;

    /// <summary>The NuGet package of the native part for this system.</summary>
    public static string PackageName => $"Tokenizers.DotNet.runtime.{NativeLibraryLayout.Current.Rid}";

    /// <summary>Whether the native part is where <see cref="Require"/> looks.</summary>
    public static bool IsThere => Files().Any(File.Exists);

    /// <summary>Makes tokenizers usable, or says in one line why they are not.</summary>
    /// <exception cref="PlatformNotSupportedException">The native part is not there; the message names the package that brings it.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Require()
    {
        lock (s_lock)
        {
            if (!s_listening)
            {
                NativeLibrary.SetDllImportResolver(Assembly, (name, assembly, search) => name == ImportName ? Load(assembly, search) : 0);
                s_listening = true;
            }
        }

        if (!IsThere)
        {
            throw Missing();
        }
    }

    internal static PlatformNotSupportedException Missing() => new(
        $"The native part of the tokenizers is missing: add the NuGet package {PackageName} {PackageVersion} to the program.");

    private static Assembly Assembly => typeof(global::Tokenizers.DotNet.Tokenizer).Assembly;

    private static nint Load(Assembly assembly, DllImportSearchPath? search)
    {
        foreach (string file in Files().Where(File.Exists))
        {
            if (NativeLibrary.TryLoad(file, out nint loaded))
            {
                return loaded;
            }
        }

        return NativeLibrary.TryLoad(ImportName, assembly, search, out nint found) ? found : 0;
    }

    private static IEnumerable<string> Files()
    {
        string rid = NativeLibraryLayout.Current.Rid;
        string file = OperatingSystem.IsWindows() ? $"{ImportName}.dll" : OperatingSystem.IsMacOS() ? $"lib{ImportName}.dylib" : $"lib{ImportName}.so";
        string inPackage = Path.Combine("runtimes", rid, "native");
        string host = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        List<string> folders = [.. host.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)];
        folders.AddRange([AppContext.BaseDirectory, Path.Combine(AppContext.BaseDirectory, inPackage)]);
        string package = Path.Combine(PackageName.ToLowerInvariant(), PackageVersion, inPackage);
        if (Path.GetDirectoryName(Assembly.Location) is { Length: > 0 } beside)
        {
            // In a notebook the assembly lies at packages/tokenizers.dotnet/VERSION/lib/TFM.
            folders.AddRange([beside, Path.Combine(beside, inPackage), Path.GetFullPath(Path.Combine(beside, "..", "..", "..", "..", package))]);
        }

        string packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } given
            ? given
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        folders.Add(Path.Combine(packages, package));
        return folders.Select(folder => Path.Combine(folder, file));
    }
}
