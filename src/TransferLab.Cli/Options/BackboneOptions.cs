using System.CommandLine;
using TransferLab.Data;
using TransferLab.Models;
using TransferLab.Networks;

namespace TransferLab.Cli;

/// <summary>The options that choose a backbone, the size of what it sees, and what its files do not say.</summary>
/// <param name="several">Whether the command takes several backbones.</param>
internal sealed class BackboneOptions(bool several = false)
{
    private readonly Option<string?> _backbone = new("--backbone")
    {
        Description = $"Pretrained network: {BackboneCatalog.Names}; the first for the data where not given",
        HelpName = "MODEL",
    };
    private readonly Option<string?> _backbones = new("--backbones")
    {
        Description = "Several of them, comma-separated: the same data over each, in one table",
        HelpName = "LIST",
    };
    private readonly Option<int?> _size = new("--image-size")
    {
        Description = "Size that the network sees, a multiple of 32; chosen from the data where not given, and a published network's own",
        HelpName = "PX",
    };
    private readonly Option<int?> _tokens = new("--max-tokens")
    {
        Description = "Longest text that the network sees, tokens; where not given 128, and what a saved network was trained with",
        HelpName = "N",
    };
    private readonly PublishedOptions _published = new();

    /// <summary>The options, to be added to a command.</summary>
    public IEnumerable<Option> All => [_backbone, .. several ? [_backbones] : Array.Empty<Option>(), _size, _tokens, .. _published.All];

    /// <summary>The name or file that is given; null where none is.</summary>
    public string? Name(ParseResult arguments) => arguments.GetValue(_backbone);

    /// <summary>Longest text, tokens; null where nothing is said.</summary>
    public int? MaxTokens(ParseResult arguments) => arguments.GetValue(_tokens);

    /// <summary>Every name or file that is given; a single null where none is.</summary>
    /// <exception cref="ArgumentException">Both options are given, or one name twice.</exception>
    public IReadOnlyList<string?> AllNames(ParseResult arguments)
    {
        if (!several || arguments.GetValue(_backbones) is not { } list)
        {
            return [Name(arguments)];
        }

        string[] names = list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return Name(arguments) is not null ? throw new ArgumentException("--backbone and --backbones: give one of them.")
            : names.Length == 0 ? throw new ArgumentException("--backbones: name one or more, separated by commas.")
            : names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice
                ? throw new ArgumentException($"--backbones: '{twice.Key}' is named twice; each is compared once.")
            : names;
    }

    /// <summary>Whether the size of images is given, rather than chosen from the data.</summary>
    public bool GivesImageSize(ParseResult arguments) => arguments.GetValue(_size) is not null;

    /// <summary>The backbone as given, or the first of its kind. Before data is read, so that a wrong name or size does not cost the reading.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="kind"><c>image</c> or <c>text</c>.</param>
    /// <param name="name">A name or file instead of the one given; null for that.</param>
    /// <param name="cancellation">Stops a download.</param>
    /// <exception cref="ArgumentException">There is none of that name, it is of the other kind, or it cannot see inputs of that size.</exception>
    public Backbone Create(ParseResult arguments, string kind, string? name = null, CancellationToken cancellation = default) =>
        BackboneCatalog.Create(name ?? Name(arguments), kind, arguments.GetValue(kind == "image" ? _size : _tokens),
            _published.Request(arguments, cancellation));

    /// <summary>The backbone at the size that suits images, where none is given.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="images">The images.</param>
    /// <param name="name">A name or file instead of the one given; null for that.</param>
    /// <param name="size">A size instead of the one given; null for that.</param>
    /// <param name="cancellation">Stops a download.</param>
    public Backbone For(ParseResult arguments, ImageData images, string? name = null, int? size = null, CancellationToken cancellation = default)
    {
        string? meant = name ?? Name(arguments);
        int? given = size ?? arguments.GetValue(_size);
        BackboneRequest request = _published.Request(arguments, cancellation);
        return BackboneCatalog.Create(meant, "image", given is null && HasOwnSize(arguments, meant)
            ? null
            : given ?? ImageSizes.Choose(images.MedianShortSide), request);
    }

    /// <summary>Whether a model was published for images of one size, which its files say.</summary>
    public bool HasOwnSize(ParseResult arguments, string? name) =>
        name is not null && _published.Request(arguments).Resolver.Find(name) is { Path: { } path } && !BackboneFile.IsSaved(path);
}
