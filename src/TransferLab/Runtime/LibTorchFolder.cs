using System.Text.RegularExpressions;

namespace TransferLab.Runtime;

/// <summary>A folder that a person names for libtorch: its files themselves, an unpacked libtorch, a Python package <c>torch</c>, or an environment that has it
/// installed.</summary>
internal static partial class LibTorchFolder
{
    private const int MostVersionBytes = 1 << 16;

    /// <summary>The folder with the files.</summary>
    /// <param name="given">As it was named.</param>
    /// <param name="library">The file to look for.</param>
    /// <param name="named">Where it was named, for messages.</param>
    /// <exception cref="LibTorchException">There is none in it, or it is of another version; one line.</exception>
    public static string Find(string given, string library, string named)
    {
        string folder = Places(given).FirstOrDefault(place => File.Exists(Path.Combine(place, library)))
            ?? throw new LibTorchException(
                $"{named} {given}: holds no libtorch: no {library} there, in lib, in torch/lib, or in lib/python*/site-packages/torch/lib; name one of these.");
        return VersionIn(folder) is { } version && !Fits(version) ? throw new LibTorchException(
            $"{named} {given}: is libtorch {version}, and TorchSharp needs {Needed}: name a folder of that version (pip install "
                + $"torch=={LibTorch.PackageVersion}), or leave {named} out to use the package's.") : folder;
    }

    /// <summary>The version that a folder's neighbours state: Python's <c>version.py</c> or libtorch's <c>build-version</c>; null where none does.</summary>
    public static string? VersionIn(string folder)
    {
        string parent = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))) ?? folder;
        return Read(Path.Combine(parent, "version.py")) is { } python && PythonVersion().Match(python) is { Success: true } match ? match.Groups[1].Value
            : Read(Path.Combine(parent, "build-version"))?.Trim() is { Length: > 0 and < 60 } built ? built : null;
    }

    /// <summary>Whether the interface is that of the expected version: the third number changes none.</summary>
    public static bool Fits(string version) => version == Needed || version.StartsWith(Needed + ".", StringComparison.Ordinal);

    private static string Needed => LibTorch.PackageVersion[..LibTorch.PackageVersion.LastIndexOf('.')];

    private static IEnumerable<string> Places(string given)
    {
        yield return given;
        yield return Path.Combine(given, "lib");
        yield return Path.Combine(given, "torch", "lib");
        yield return Path.Combine(given, "Lib", "site-packages", "torch", "lib"); // An environment of Windows.
        string lib = Path.Combine(given, "lib");
        foreach (string python in Directory.Exists(lib) ? Directory.GetDirectories(lib, "python*").Order(StringComparer.Ordinal) : Enumerable.Empty<string>())
        {
            yield return Path.Combine(python, "site-packages", "torch", "lib");
            yield return Path.Combine(python, "dist-packages", "torch", "lib"); // Debian's own.
        }
    }

    private static string? Read(string path)
    {
        try
        {
            return File.Exists(path) && new FileInfo(path).Length < MostVersionBytes ? File.ReadAllText(path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // The files themselves may be readable all the same.
        }
    }

    [GeneratedRegex("""__version__\s*=\s*['"]([^'"]{1,60})['"]""")]
    private static partial Regex PythonVersion();
}
