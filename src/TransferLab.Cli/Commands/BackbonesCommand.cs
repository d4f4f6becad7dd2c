using System.CommandLine;
using System.Globalization;
using TransferLab.Data;
using TransferLab.Hub;

namespace TransferLab.Cli.Commands;

/// <summary><c>transferlab backbones</c>: pretrained models: which there are, which are here, what they hold.</summary>
internal static class BackbonesCommand
{
    private const double MB = 1e6;

    public static Command Create() => new("backbones", """
        Pretrained models: what is known by name, what is here, and what a file holds. Every option that takes a model takes a name, a file, a folder, or hf:OWNER/NAME[@REVISION][/FILE].

        Examples:
          transferlab backbones list --task text
          transferlab backbones get hf:sentence-transformers/all-MiniLM-L6-v2
          transferlab backbones inspect weights.pth --tensors
          transferlab backbones verify
          transferlab backbones remove hf:sentence-transformers/all-MiniLM-L6-v2
        """)
    {
        List(), Get(), InspectCommand.Create(), Verify(), Remove(),
    };

    private static Command List()
    {
        Option<string?> root = Root(), task = new Option<string?>("--task") { Description = "image, text or language alone", HelpName = "NAME" };
        return new Command("list",
            "Lists the models that are known by name, with licence, input and what each is good for, and what is in the hub's cache.") { task, root }.Does(
            (arguments, _) =>
        {
            string? only = arguments.GetValue(task);
            if (only is not (null or "image" or "text" or "language"))
            {
                throw new ArgumentException($"--task {only}: choose image, text or language.");
            }

            HubCache cache = new(HubOptions.FromEnvironment().CacheFolder);
            string[] here = [.. cache.Models().Select(model => HubReference.Prefix + model.Model)];
            string? dataRoot = arguments.GetValue(root);
            Console.Out.WriteLine(BackboneList.Text(only, dataRoot, here));
            foreach (HubReference model in cache.Models().Where(model => KnownModels.Find(HubReference.Prefix + model.Model) is null))
            {
                CachedModel found = new(cache, model);
                Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{HubReference.Prefix + model.Model,-50} in the cache, {found.Bytes / MB:N1} MB: {Revisions(found)}"));
            }

            Console.Out.WriteLine($"The hub's cache is {cache.Folder}.");
        });
    }

    private static Command Get()
    {
        Argument<string> name = new("MODEL") { Description = "hf:OWNER/NAME[@REVISION][/FILE]" };
        Option<string?> hash = new("--sha256") { Description = "What the SHA-256 of its one file of weights must be", HelpName = "HEX" };
        return new Command("get",
            "Fetches a model of the hub into the cache that Python programs use too: the newest of its revision, and only the files that are needed.") { name,
                hash }.Does((arguments, cancellation) =>
        {
            string given = arguments.GetRequiredValue(name);
            if (!HubReference.IsReference(given))
            {
                throw new ArgumentException(KnownModels.Find(given) is { } known
                    ? KnownModels.Absent(known, null)
                    : $"'{given}': what is fetched is a model of the hub, as hf:OWNER/NAME[@REVISION][/FILE].");
            }

            HubReference reference = HubReference.Parse(given);
            string? sha256 = arguments.GetValue(hash)?.ToLowerInvariant();
            if (sha256 is not null && (sha256.Length != 64 || !sha256.All(char.IsAsciiHexDigit)))
            {
                throw new ArgumentException($"--sha256 {sha256}: is no SHA-256, which has 64 hexadecimal digits.");
            }

            using HubClient hub = new();
            HubModel model = DownloadDisplay.Follow(reference, progress => hub.FetchAsync(reference, sha256, progress, cancellation).GetAwaiter().GetResult());
            Console.Out.WriteLine($"model     {model.Path}");
            Console.Out.WriteLine($"commit    {model.Commit}");
            Console.Out.WriteLine($"licence   {Networks.PublishedFiles.LicenceOf(model.Folder)}");
        }, cancelled: "what is fetched stays, and the next get goes on from there");
    }

    private static Command Verify()
    {
        Argument<string[]> names = new("MODEL")
        {
            Description = "Models of the hub or names of the catalogue; all that are here where none is given",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<string?> root = Root();
        return new Command("verify", "Compares every file of models that are here with its hash.") { names, root }.Exits((arguments, cancellation) =>
        {
            HubCache cache = new(HubOptions.FromEnvironment().CacheFolder);
            string[] given = arguments.GetValue(names) ?? [];
            string[] all = given.Length > 0
                ? given
                : [.. KnownModels.All.Where(model => !model.IsOnHub && KnownModels.Locate(model, arguments.GetValue(root)) is not null)
                    .Select(model => model.Name), .. cache.Models().Select(model => HubReference.Prefix + model.Model)];
            if (all.Length == 0)
            {
                Console.Out.WriteLine($"No models are here: neither in {cache.Folder} nor under the root of the catalogue.");
            }

            int faults = all.Sum(name => ModelCheck.Run(name, cache, arguments.GetValue(root), cancellation));
            return faults == 0 ? 0 : 1;
        }, "nothing is changed");
    }

    private static Command Remove()
    {
        Argument<string[]> names = new("MODEL") { Description = "Models of the hub, as hf:OWNER/NAME", Arity = ArgumentArity.OneOrMore };
        return new Command("remove", "Removes models from the hub's cache, all their revisions; files and folders elsewhere are never touched.") { names }.Does(
            (arguments, cancellation) =>
        {
            HubCache cache = new(HubOptions.FromEnvironment().CacheFolder);
            CachedModel[] models = [.. arguments.GetRequiredValue(names).Select(name => Cached(name, cache))];
            foreach (CachedModel model in models)
            {
                cancellation.ThrowIfCancellationRequested();
                Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"removed   hf:{model.Model.Model}, {model.Remove() / MB:N1} MB"));
            }
        });
    }

    private static CachedModel Cached(string name, HubCache cache)
    {
        HubReference reference = HubReference.IsReference(name)
            ? HubReference.Parse(name)
            : throw new ArgumentException($"'{name}': what is removed is a model in the hub's cache, as hf:OWNER/NAME.");
        return reference.File is not null || reference.Revision != HubReference.Main
            ? throw new ArgumentException($"'{name}': a model is removed whole, with all its revisions; give hf:{reference.Model}.")
            : Directory.Exists(cache.ModelFolder(reference))
                ? new(cache, reference)
                : throw new ArgumentException($"hf:{reference.Model} is not in {cache.Folder}.");
    }

    private static string Revisions(CachedModel model) => model.Revisions is { Count: > 0 } revisions
        ? string.Join(", ", revisions.Select(revision => $"{revision.Revision} {revision.Commit[..Math.Min(12, revision.Commit.Length)]}"))
        : "no revision by name";

    private static Option<string?> Root() => new("--data-root")
    {
        Description = $"Where catalogued files lie; {Catalog.RootVariable} where not given",
        HelpName = "DIR",
    };
}
