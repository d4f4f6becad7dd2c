using System.Xml.Linq;

namespace TransferLab.Notebooks;

/// <summary>What the directives of a lesson become in its notebook: a newcomer has no repository, and takes packages.</summary>
/// <param name="Own">Version of the project's own packages.</param>
/// <param name="LibTorch">Version of the native libtorch.</param>
internal sealed record PackageVersions(string Own, string LibTorch)
{
    private const string NativePackage = "libtorch-cpu-linux-x64";

    /// <summary>Reads the versions from the repository that a lesson lies in.</summary>
    /// <exception cref="FormatException">There is no such repository above the lesson.</exception>
    public static PackageVersions Above(string lesson)
    {
        for (DirectoryInfo? folder = new FileInfo(lesson).Directory; folder is not null; folder = folder.Parent)
        {
            string packages = Path.Combine(folder.FullName, "Directory.Packages.props");
            if (File.Exists(packages))
            {
                XDocument build = XDocument.Load(Path.Combine(folder.FullName, "Directory.Build.props"));
                string own = build.Descendants("Version").Single().Value;
                string native = XDocument.Load(packages).Descendants("PackageVersion").Single(item => (string?)item.Attribute("Include") == NativePackage)
                    .Attribute("Version")!.Value;
                return new(own, native);
            }
        }

        throw new FormatException("the lesson lies in no repository: no folder above it has a Directory.Packages.props, which names the versions of packages.");
    }

    /// <summary>The first cell of a notebook: packages in place of projects.</summary>
    /// <exception cref="FormatException">A directive has no counterpart.</exception>
    public Cell FirstCell(IReadOnlyList<string> directives)
    {
        List<string> lines = ["// The packages of this lesson. The first run downloads them, a few hundred megabytes, and takes a few minutes."];
        lines.AddRange(directives.Select(Reference).OfType<string>());
        lines.Add("// The tensor library of your system: on Windows write libtorch-cpu-win-x64, on a Mac libtorch-cpu-osx-arm64.");
        lines.Add($"#r \"nuget: {NativePackage}, {LibTorch}\"");
        return new(IsMarkdown: false, string.Join('\n', lines));
    }

    private string? Reference(string directive)
    {
        string[] words = directive["#:".Length..].Split(' ', 2, StringSplitOptions.TrimEntries);
        return words switch
        {
            ["project", var path] => $"#r \"nuget: {Path.GetFileNameWithoutExtension(path)}, {Own}\"",
            ["package", var package] when package.Split('@') is [var id, var version] => $"#r \"nuget: {id}, {version}\"",
            ["property", _] => null, // How it is built; a notebook is not.
            _ => throw new FormatException($"'{directive}': a lesson's directives are '#:project PATH', '#:package ID@VERSION' and '#:property NAME=VALUE'."),
        };
    }
}
