using System.Globalization;
using TransferLab.Hub;

namespace TransferLab.Cli;

/// <summary>Compares the files of a model with their hashes, and says what came of it.</summary>
internal static class ModelCheck
{
    /// <summary>Checks one model.</summary>
    /// <returns>How many files are not as they should be.</returns>
    public static int Run(string name, HubCache cache, string? dataRoot, CancellationToken cancellation)
    {
        if (HubReference.IsReference(name))
        {
            HubReference reference = HubReference.Parse(name);
            CachedModel model = Directory.Exists(cache.ModelFolder(reference))
                ? new(cache, reference)
                : throw new ArgumentException($"hf:{reference.Model} is not in {cache.Folder}.");
            (int right, IReadOnlyList<string> faults) = model.VerifyAsync(cancellation).GetAwaiter().GetResult();
            return Say(HubReference.Prefix + reference.Model, right, faults);
        }

        KnownModel known = KnownModels.Find(name) is { IsOnHub: false } found ? found
            : throw new ArgumentException(
                $"'{name}': hashes are known of models of the hub (hf:OWNER/NAME) and of "
                    + $"{string.Join(", ", KnownModels.All.Where(model => !model.IsOnHub).Select(model => model.Name))}.");
        string path = KnownModels.Locate(known, dataRoot) ?? throw new ArgumentException(KnownModels.Absent(known, dataRoot));
        string hash = ContentHash.OfAsync(path, known.Sha256!, cancellation).GetAwaiter().GetResult();
        return Say(known.Name, hash == known.Sha256
            ? 1
            : 0, hash == known.Sha256
            ? []
            : [$"{path}: its SHA-256 is {hash}, and that of the published file {known.Sha256}"]);
    }

    private static int Say(string name, int right, IReadOnlyList<string> faults)
    {
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name}: {right} {(right == 1 ? "file is" : "files are")} as published{(faults.Count > 0 ? $", {faults.Count} not" : "")}"));
        foreach (string fault in faults)
        {
            Console.Out.WriteLine($"    {fault}");
        }

        return faults.Count;
    }
}
