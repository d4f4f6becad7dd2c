using TransferLab.Backbones;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Strategies;

namespace TransferLab.Cli;

/// <summary>The backbones as the command line knows them: those of packages by name, and all that <see cref="ModelResolver"/> finds. The size is pixels for
/// images and tokens for texts.</summary>
internal static class BackboneCatalog
{
    private const string OfFiles = "--architecture, --section, --mean, --deviation, --pooling, --prefix and --onnx-output";
    private const long OtherBytes = 10 << 20; // Head, tokenizer, or a model of ML.NET's.
    private const int DefaultTokens = 128, FewestTokens = 3, MostTokens = 512;

    private static readonly (string Name, string Kind, Func<int?, Backbone> Create)[] s_all =
    [
        ("resnet18", "image", pixels => ResNet18.ImageNetAt(pixels ?? ResNet18.PretrainingSize)),
        ("minilm", "text", tokens => MiniLM.English(tokens ?? DefaultTokens)),
        ("arctic-xs", "text", tokens => ArcticXs.English(tokens ?? DefaultTokens)),
    ];

    /// <summary>The names of those that come as packages.</summary>
    public static IReadOnlyList<string> BuiltIn => [.. s_all.Select(item => item.Name)];

    /// <summary>What an option for a backbone takes, in words.</summary>
    public static string Names => string.Join(", ", s_all.Select(item => $"{item.Name} ({item.Kind}s)"))
        + ", another name of 'transferlab backbones list', a saved network, a file, a folder, or hf:OWNER/NAME[@REVISION][/FILE]";

    /// <summary>The backbone that a text means, or the first of a kind where none is given.</summary>
    /// <param name="name">As <see cref="ModelResolver"/> takes it; null for the first of the kind.</param>
    /// <param name="kind"><c>image</c> or <c>text</c>.</param>
    /// <param name="size">What it sees; null for 224 px or 128 tokens, and for a published or saved network's own.</param>
    /// <param name="request">What else is said about it; null for nothing.</param>
    /// <exception cref="ArgumentException">There is none of that name, it is of the other kind, or it cannot see inputs of that size.</exception>
    public static Backbone Create(string? name, string kind, int? size, BackboneRequest? request = null)
    {
        (string Name, string Kind, Func<int?, Backbone> Create) first = s_all.First(item => item.Kind == kind);
        Backbone found = name is null ? Packaged(first.Name, size) : Open((request ?? new()).Resolver.Find(name), size, request);
        return found.Encoder.Kind == kind ? found
            : throw new ArgumentException(
                $"The backbone '{name}' reads {found.Encoder.Kind}s, not {kind}s; choose one of {kind}s: "
                    + $"{string.Join(", ", s_all.Where(item => item.Kind == kind).Select(item => item.Name))}, or another of 'transferlab backbones list'.");
    }

    /// <summary>The backbone of what was found, of whatever kind.</summary>
    /// <param name="source">What was found.</param>
    /// <param name="size">What it sees; null for its own.</param>
    /// <param name="request">What else is said about it; null for nothing.</param>
    public static Backbone Open(ModelSource source, int? size, BackboneRequest? request = null)
    {
        if (source.BuiltIn is { } builtIn)
        {
            return request is { IsPlain: false }
                ? throw new ArgumentException($"The backbone '{builtIn}' says all about itself: {OfFiles} are for files.")
                : Packaged(builtIn, size);
        }

        if (BackboneFile.IsSaved(source.Path!))
        {
            return request is { IsPlain: false }
                ? throw new ArgumentException($"The backbone '{source.Name}' was saved with all that it needs: {OfFiles} are for what others published.")
                : Resized(BackboneFile.Load(source.Path!), size);
        }

        NeededPackages.EnsureLibTorch();
        Networks.BackboneOptions options = request?.Options ?? new();
        options = options with
        {
            Prefix = options.Prefix ?? source.Known?.Prefix,
            ImageSize = size ?? options.ImageSize,
            MaxTokens = size ?? options.MaxTokens,
        };
        Backbone published = PublishedFiles.Open(source.Path!, options);
        BackboneCard card = published.Card;
        return published with
        {
            Card = card with
            {
                Name = source.Name,
                Origin = source.Origin ?? card.Origin,
                TrainedOn = source.Known?.Origin ?? card.TrainedOn,
                Licence = source.Known is { IsOnHub: false } known ? known.Licence : card.Licence,
            },
        };
    }

    /// <summary>What one file of a trained model may take: the whole network in float32, or what needs none.</summary>
    /// <param name="strategy">How it is trained.</param>
    /// <param name="backbone">What it is made of.</param>
    public static long ModelBytes(Strategy strategy, Backbone backbone) =>
        OtherBytes + (strategy is ClassicalStrategy or PipelineStrategy || backbone.FrozenOnly is not null ? 0 : sizeof(float) * Values(backbone));

    private static long Values(Backbone backbone)
    {
        if (backbone.Values is { } values)
        {
            return values;
        }

        using BackboneNetwork network = backbone.CreateRandom(seed: 0);
        return network.Module.state_dict().Values.Sum(value => value.numel());
    }

    private static Backbone Packaged(string name, int? size)
    {
        (_, string kind, Func<int?, Backbone> create) = s_all.First(item => item.Name == name);
        CheckSize(kind, size);
        return create(size);
    }

    private static void CheckSize(string kind, int? size)
    {
        if (kind == "image" && size is { } pixels)
        {
            try
            {
                ImageSizes.Check(pixels);
            }
            catch (ArgumentException e)
            {
                throw new ArgumentException($"--image-size {pixels}: {e.Message}", e);
            }
        }

        if (kind == "text" && size is { } tokens && tokens is < FewestTokens or > MostTokens)
        {
            throw new ArgumentException($"--max-tokens {tokens}: the network has positions for {FewestTokens} to {MostTokens}.");
        }
    }

    private static Backbone Resized(Backbone saved, int? size)
    {
        CheckSize(saved.Encoder.Kind, size);
        return (saved.Encoder, size) switch
        {
            (_, null) => saved,
            (ImageEncoder images, { } pixels) => saved with { Encoder = images with { Size = pixels } },
            (TextEncoder texts, { } tokens) => saved with { Encoder = texts.WithMaxTokens(tokens) },
            (_, { } given) =>
                throw new ArgumentException(
                    $"The backbone '{saved.Card.Name}' reads inputs of one size alone, so it cannot be given {given}; leave the size out."),
        };
    }
}
