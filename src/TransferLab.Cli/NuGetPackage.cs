using System.Diagnostics;
using System.Text.Json;
using TransferLab.Runtime;

namespace TransferLab.Cli;

/// <summary>
/// Files of a NuGet package that the program needs and does not bring: from the user's packages folder, or restored into it once, as any build would.
/// </summary>
internal static class NuGetPackage
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(30);

    // Nothing but the package itself: no frameworks, no files of folders above, and no question to a server where the package is here.
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <DisableImplicitFrameworkReferences>true</DisableImplicitFrameworkReferences>
            <UseAppHost>false</UseAppHost>
            <NuGetAudit>false</NuGetAudit>
          </PropertyGroup>
          <ItemGroup>
            <PackageDownload Include="ID" Version="[VERSION]" />
          </ItemGroup>
        </Project>
        """;

    /// <summary>The package's folder.</summary>
    /// <param name="id">The package's name.</param>
    /// <param name="version">Its version, exactly.</param>
    /// <param name="announce">Told once, where the package has to be fetched.</param>
    /// <exception cref="IOException">It is not here and cannot be restored; the message says why.</exception>
    public static string Find(string id, string version, Action<string> announce)
    {
        string part = Path.Combine(id.ToLowerInvariant(), version), usual = Path.Combine(UsualFolder(), part);
        if (Directory.Exists(usual))
        {
            return usual;
        }

        announce($"{id} {version} is restored once, from your NuGet sources into your packages folder.");
        OutputPlace.CheckTemporary();
        string work = Directory.CreateTempSubdirectory("transferlab-restore-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(work, "fetch.csproj"),
                Project.Replace("ID", id, StringComparison.Ordinal).Replace("VERSION", version, StringComparison.Ordinal));
            Restore(work, id, version);
            return PackageFolders(Path.Combine(work, "obj", "project.assets.json")).Select(folder => Path.Combine(folder, part))
                .FirstOrDefault(Directory.Exists)
                ?? throw new IOException(
                    $"{id} {version} was restored and is not to be found; name a folder with libtorch's files in {LibTorch.FolderVariable}.");
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static string UsualFolder() => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } given ? given
        : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home ? Path.Combine(home, ".nuget", "packages")
        : throw new IOException(
            $"There is no home folder, and so no folder of NuGet packages: set HOME, or NUGET_PACKAGES, or name a folder with libtorch's files in "
                + $"{LibTorch.FolderVariable}.");

    private static void Restore(string folder, string id, string version)
    {
        string[] quiet = ["-p:ImportDirectoryBuildProps=false", "-p:ImportDirectoryBuildTargets=false", "-p:ImportDirectoryPackagesProps=false", "--nologo",
            "-v:minimal", "--tl:off"];
        ProcessStartInfo start = new("dotnet", ["restore", "fetch.csproj", .. quiet])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process =
            ChildProcess.Start(start,
                $"{id} {version} is restored by the .NET SDK: install it, or name a folder with libtorch's files in {LibTorch.FolderVariable}");
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(s_limit))
        {
            process.Kill(entireProcessTree: true);
            throw new IOException($"{id} {version} could not be restored within {s_limit.TotalMinutes:0} minutes.");
        }

        if (process.ExitCode != 0)
        {
            string reason = (output.Result + error.Result).Split('\n').Select(line => line.Trim())
                .FirstOrDefault(line => line.Contains("error", StringComparison.OrdinalIgnoreCase)) ?? "no reason given";
            throw new IOException(
                $"{id} {version} could not be restored ({reason}). Add a NuGet source that has it, or name a folder with libtorch's files in "
                    + $"{LibTorch.FolderVariable}.");
        }
    }

    private static List<string> PackageFolders(string assets)
    {
        using FileStream stream = File.OpenRead(assets);
        using JsonDocument json = JsonDocument.Parse(stream);
        return [.. json.RootElement.GetProperty("packageFolders").EnumerateObject().Select(folder => folder.Name)];
    }
}
