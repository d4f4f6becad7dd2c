using System.CommandLine;
using System.Globalization;
using TransferLab.Data;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Networks.Weights;

namespace TransferLab.Cli.Commands;

/// <summary><c>transferlab backbones inspect</c>: what a file or folder holds, without reading its weights.</summary>
internal static class InspectCommand
{
    private const long MostBuilt = 400_000_000;

    public static Command Create()
    {
        Argument<string> name = new("MODEL") { Description = "A name, a file, a folder, or hf:OWNER/NAME[@REVISION][/FILE]" };
        Option<bool> tensors = new("--tensors") { Description = "Every tensor: name, type and shape" };
        Option<string?> root = new("--data-root") { Description = $"Where catalogued files lie; {Catalog.RootVariable} where not given", HelpName = "DIR" };
        Option<int?> size = new Option<int?>("--image-size")
        {
            Description = "Size that the network sees, where the files do not say it",
            HelpName = "PX",
        }.Within(1, ImageSizes.Most);
        PublishedOptions published = new();
        return new Command("inspect",
            "Shows architecture, layer groups, parameters, licence, hash and format of a model; its weights are not read.") { name, tensors, size, root }.With(
            published.All)
            .Does((arguments, cancellation) =>
            {
                BackboneRequest request = published.Request(arguments, cancellation);
                int? pixels = arguments.GetValue(size);
                ModelSource source = request.Resolver.Find(arguments.GetRequiredValue(name));
                if (source.BuiltIn is not null || BackboneFile.IsSaved(source.Path!))
                {
                    Describe(BackboneCatalog.Open(source, pixels, request), summary: null);
                    return;
                }

                NeededPackages.EnsureLibTorch();
                Describe(source, PublishedFiles.Inspect(source.Path!, request.Options with { ImageSize = pixels }), arguments.GetValue(tensors), pixels,
                    request);
            });
    }

    private static void Describe(ModelSource source, PublishedSummary summary, bool tensors, int? pixels, BackboneRequest request)
    {
        Line("file", summary.Path);
        Line("format", summary.Format);
        Line("tensors", string.Create(CultureInfo.InvariantCulture, $"{summary.Tensors.Count:N0} with {summary.Values:N0} numbers{Types(summary.Tensors)}"));
        foreach (string left in summary.LeftOut)
        {
            Line("beside", left);
        }

        if (summary.Backbone is null)
        {
            Line("backbone", $"none: {OptionNames.AsFlags(ErrorLine.Of(summary.Fault!))}");
            Line("licence", source.Known?.Licence ?? summary.Licence);
            Hash(summary.Sha256, summary);
        }
        else
        {
            Describe(BackboneCatalog.Open(source, pixels, request), summary);
        }

        foreach (TensorEntry tensor in tensors ? summary.Tensors : [])
        {
            Console.Out.WriteLine($"    {ErrorLine.Plain(tensor.Name)} {tensor}");
        }
    }

    private static void Describe(Backbone backbone, PublishedSummary? summary)
    {
        BackboneCard card = backbone.Card;
        Line("backbone", $"{card.Name}: {card.Architecture}");
        Line("origin", card.Origin);
        Line("trained", card.TrainedOn);
        Line("licence", card.Licence);
        Hash(card.Sha256, summary);
        if (card.LeftOut.Length > 0)
        {
            Line("aside", card.LeftOut);
        }

        if (card.Assumed.Length > 0)
        {
            Line("assumed", OptionNames.AsFlags(card.Assumed));
        }

        Line("input", $"{backbone.Encoder.Kind}s: {backbone.Encoder.Description}");
        if (summary?.Values > MostBuilt)
        {
            Line("features", $"layer groups are not shown of more than {MostBuilt / 1_000_000} million parameters, which would have to be allocated");
            return;
        }

        NeededPackages.EnsureLibTorch();
        using BackboneNetwork network = backbone.CreateRandom(seed: 0);
        long all = network.Groups.Sum(Count);
        Line("features",
            string.Create(CultureInfo.InvariantCulture, $"{network.FeatureWidth:N0}, of {all:N0} parameters in {network.Groups.Count} layer groups"));
        foreach (LayerGroup group in network.Groups)
        {
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    {group.Name,-20} {Count(group),14:N0}"));
        }

        static long Count(LayerGroup group) => group.Parameters.Sum(parameter => parameter.numel());
    }

    private static void Hash(string hash, PublishedSummary? summary)
    {
        bool isSharded = summary?.Path.EndsWith(".index.json", StringComparison.Ordinal) == true;
        Line("sha256", hash.Length == 0 ? "none: not of a file" : isSharded ? $"{hash}, of what sha256sum prints for its files by name" : hash);
    }

    private static string Types(IReadOnlyList<TensorEntry> tensors) => tensors.Count == 0 ? "" :
        $" ({string.Join(", ", tensors.GroupBy(tensor => tensor.Type).OrderByDescending(group => group.Count()).Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Count()} {group.Key}")))})";

    private static void Line(string term, string value) => Console.Out.WriteLine($"{term,-9} {ErrorLine.Plain(value)}");
}
