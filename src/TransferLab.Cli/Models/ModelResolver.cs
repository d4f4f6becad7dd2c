using TransferLab.Backbones;
using TransferLab.Hub;
using TransferLab.Models;
using TransferLab.Networks;

namespace TransferLab.Cli;

/// <summary>
/// The one grammar of every option that takes a model: the name of a package's backbone, a name of the catalogue, a file, a folder, or
/// <c>hf:owner/name[@revision][/file]</c>.
/// </summary>
/// <param name="dataRoot">Where catalogued files lie; null for what the environment says.</param>
/// <param name="cancellation">Stops a download.</param>
/// <param name="hub">Where the hub is; null for what the environment says.</param>
internal sealed class ModelResolver(string? dataRoot = null, CancellationToken cancellation = default, HubOptions? hub = null)
{
    /// <summary>The grammar in a few words, for help and messages.</summary>
    public const string Grammar = "a name of 'transferlab backbones list', a file, a folder, or hf:OWNER/NAME[@REVISION][/FILE]";

    /// <summary>Finds what a text means; fetches a model of the hub that is not here.</summary>
    /// <exception cref="ArgumentException">It means nothing: one line with the nearest names.</exception>
    /// <exception cref="HubException">It cannot be fetched.</exception>
    public ModelSource Find(string given)
    {
        if (HubReference.IsReference(given))
        {
            return OnHub(HubReference.Parse(given));
        }

        if (BackboneCatalog.BuiltIn.FirstOrDefault(name => name.Equals(given, StringComparison.OrdinalIgnoreCase)) is { } builtIn)
        {
            return new(builtIn) { BuiltIn = builtIn };
        }

        if (SmallWorld.Name.Equals(given, StringComparison.OrdinalIgnoreCase))
        {
            return new(SmallWorld.Name) { Path = SmallWorld.Folder(), Origin = "package TransferLab.Backbones.SmallWorld" };
        }

        if (KnownModels.Find(given) is { } known)
        {
            string path = KnownModels.Locate(known, dataRoot) ?? throw new ArgumentException(KnownModels.Absent(known, dataRoot));
            return new(known.Name) { Path = path, Known = known, Origin = $"{known.Origin}; {known.Page}" };
        }

        return File.Exists(given) || Directory.Exists(given) ? OnDisk(given) : throw new ArgumentException(Unknown(given));
    }

    /// <summary>Finds a language model; what is known to be none is refused before anything is fetched.</summary>
    /// <param name="given">The text of <c>--model</c>.</param>
    /// <exception cref="ArgumentException">It means nothing, or a model that does not answer: one line with the command that it is for.</exception>
    /// <exception cref="HubException">It cannot be fetched.</exception>
    public ModelSource FindLanguageModel(string given)
    {
        if (BackboneCatalog.BuiltIn.Contains(given, StringComparer.OrdinalIgnoreCase) || KnownModels.Find(given) is { IsLanguageModel: false })
        {
            throw new ArgumentException(
                $"--model {given}: is a backbone for features, and no language model; 'transferlab compare --backbone {given}' compares ways to train it.");
        }

        ModelSource source = Find(given);
        return !BackboneFile.IsSaved(source.Path!) ? source
            : throw new ArgumentException(
                $"--model {given}: tells classes apart, and is no language model; 'transferlab predict --model {given}' labels with it.");
    }

    private ModelSource OnHub(HubReference reference)
    {
        using HubClient client = new(hub);
        HubModel? here = client.Find(reference);
        HubModel model = here ?? DownloadDisplay.Follow(reference, progress => client.GetAsync(reference, progress, cancellation).GetAwaiter().GetResult());
        if (here is null)
        {
            Console.Error.WriteLine($"licence   {PublishedFiles.LicenceOf(model.Folder)}: {reference}");
        }

        return new(reference.ToString())
        {
            Path = model.Path,
            Known = KnownModels.Find(HubReference.Prefix + reference.Model),
            Origin = $"{reference}, commit {model.Commit[..12]}",
            IsNew = here is null,
        };
    }

    private static ModelSource OnDisk(string path)
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        if (!Directory.Exists(path) || !name.StartsWith("models--", StringComparison.Ordinal) || name.Split("--") is not [_, { } owner, { } model])
        {
            return new(name) { Path = path };
        }

        // A folder of the hub's cache itself: what is wanted lies two folders deeper.
        HubCache cache = new(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)))!);
        HubReference reference = new(owner, model);
        string[] commits = Directory.Exists(Path.Combine(path, "snapshots"))
            ? [.. Directory.GetDirectories(Path.Combine(path, "snapshots")).Select(folder => Path.GetFileName(folder)!)]
            : [];
        string? commit = cache.CommitOf(reference) ?? (commits.Length == 1 ? commits[0] : null);
        return commit is not null && Directory.Exists(cache.Snapshot(reference, commit))
            ? new(reference.ToString())
            {
                Path = cache.Snapshot(reference, commit),
                Known = KnownModels.Find(HubReference.Prefix + reference.Model),
                Origin = $"{reference}, commit {commit[..Math.Min(12, commit.Length)]}",
            }
            : throw new ArgumentException(
                $"{path}: a folder of the hub's cache in which {(commits.Length == 0 ? "nothing has been fetched" : "no revision is 'main'")}; name one of its "
                    + $"snapshots.");
    }

    private static string Unknown(string given)
    {
        string[] names = [.. BackboneCatalog.BuiltIn, SmallWorld.Name, .. KnownModels.All.Where(model => !model.IsOnHub).Select(model => model.Name)];
        bool isPath = given.Contains('/', StringComparison.Ordinal) || given.Contains('\\', StringComparison.Ordinal) || Path.HasExtension(given);
        string hub = given.Split('/') is [{ Length: > 0 }, { Length: > 0 }] && !given.StartsWith('.') && !given.StartsWith('~')
            ? $" A model of the hub is hf:{given}."
            : "";
        return isPath
            ? $"There is no file or folder '{given}', and no model of that name ({string.Join(", ", names)}).{hub}"
            : $"There is no backbone or model '{given}'; give {string.Join(", ", names)}, a file, a folder, or hf:OWNER/NAME[@REVISION][/FILE].";
    }
}
