using Microsoft.ML;
using TransferLab.Networks.Weights;

namespace TransferLab.Backbones;

/// <summary>Finds the files of Microsoft.ML.DnnImageFeaturizer.ResNet18: beside the program, or, in a notebook, in the package's folder.</summary>
internal static class PackageFiles
{
    public static string Find(string folder, string file)
    {
        string relative = Path.Combine("DnnImageModels", folder, file);
        List<string> candidates = [Path.Combine(AppContext.BaseDirectory, relative)];
        if (Path.GetDirectoryName(typeof(ResNet18Extension).Assembly.Location) is { Length: > 0 } library)
        {
            candidates.Add(Path.Combine(library, relative));
            candidates.Add(Path.GetFullPath(Path.Combine(library, "..", "..", "tools", relative))); // packages/ID/VERSION/lib/TFM
        }

        return candidates.FirstOrDefault(File.Exists) ?? throw new WeightsException(
            $"{relative} is missing: it comes with the NuGet package Microsoft.ML.DnnImageFeaturizer.ResNet18, whose build file copies it beside the program. "
                + $"Looked in: {string.Join("; ", candidates)}.");
    }
}
