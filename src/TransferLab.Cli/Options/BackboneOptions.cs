using System.CommandLine;
using TransferLab.Data;
using TransferLab.Networks;

namespace TransferLab.Cli;

/// <summary>The options that choose a backbone and the size of what it sees.</summary>
internal sealed class BackboneOptions
{
    private readonly Option<string?> _backbone = new("--backbone") { Description = $"Pretrained network: {BackboneCatalog.Names}; the first for the data where not given", HelpName = "NAME|FILE" };
    private readonly Option<int?> _size = new("--image-size") { Description = "Size that the network sees, a multiple of 32; chosen from the data where not given", HelpName = "PX" };
    private readonly Option<int?> _tokens = new("--max-tokens") { Description = "Longest text that the network sees, tokens; where not given 128, and what a saved network was trained with", HelpName = "N" };

    /// <summary>The options, to be added to a command.</summary>
    public IEnumerable<Option> All => [_backbone, _size, _tokens];

    /// <summary>The name or file that is given; null where none is.</summary>
    public string? Name(ParseResult arguments) => arguments.GetValue(_backbone);

    /// <summary>Whether the size of images is given, rather than chosen from the data.</summary>
    public bool GivesImageSize(ParseResult arguments) => arguments.GetValue(_size) is not null;

    /// <summary>The backbone as given, or the first of its kind. Before data is read, so that a wrong name or size does not cost the reading.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="kind"><c>image</c> or <c>text</c>.</param>
    /// <param name="name">A name or file instead of the one given; null for that.</param>
    /// <exception cref="ArgumentException">There is none of that name, it is of the other kind, or it cannot see inputs of that size.</exception>
    public Backbone Create(ParseResult arguments, string kind, string? name = null) =>
        BackboneCatalog.Create(name ?? Name(arguments), kind, arguments.GetValue(kind == "image" ? _size : _tokens));

    /// <summary>The backbone at the size that suits images, where none is given.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="images">The images.</param>
    /// <param name="name">A name or file instead of the one given; null for that.</param>
    /// <param name="size">A size instead of the one given; null for that.</param>
    public Backbone For(ParseResult arguments, ImageData images, string? name = null, int? size = null) =>
        BackboneCatalog.Create(name ?? Name(arguments), "image", size ?? arguments.GetValue(_size) ?? ImageSizes.Choose(images.MedianShortSide));
}
