using System.Diagnostics;
using TransferLab.Tests.Reporting;

namespace TransferLab.Tests.Packages;

/// <summary>A folder outside of the repository, with a NuGet source of its own, where projects are built as a stranger would. Removes what it leaves in the
/// packages folder.</summary>
internal sealed class Sandbox : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(8);
    private readonly TemporaryFolder _folder = new();

    public Sandbox()
    {
        Directory.CreateDirectory(Source);
        Write("NuGet.config", $"""<configuration><packageSources><add key="packed" value="{Source}" /></packageSources></configuration>""");
        Write("Directory.Build.props", """
            <Project>
              <PropertyGroup>
                <CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
            </Project>
            """);
    }

    /// <summary>A version that no packages folder holds yet.</summary>
    public string Version { get; } = $"0.1.0-test.{DateTime.UtcNow:yyyyMMddHHmmssfff}";

    public string Source => Path.Combine(_folder.Path, "packages");

    public string Folder => _folder.Path;

    public void Write(string name, string content)
    {
        string path = Path.Combine(_folder.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }

    /// <summary>Runs dotnet in the folder.</summary>
    public (int Code, string Output) Run(params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", arguments) { WorkingDirectory = _folder.Path, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_NOLOGO"] = start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment.Remove("MSBuildSDKsPath");
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(s_limit))
        {
            process.Kill(entireProcessTree: true);
            return (-1, $"'dotnet {string.Join(' ', arguments)}' did not end within {s_limit}.");
        }

        return (process.ExitCode, output.Result + error.Result);
    }

    public void Dispose()
    {
        _folder.Dispose();
        string packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        foreach (string package in Directory.Exists(packages) ? Directory.GetDirectories(packages, "transferlab*") : [])
        {
            string test = Path.Combine(package, Version);
            if (Directory.Exists(test))
            {
                Directory.Delete(test, recursive: true);
            }
        }
    }
}
