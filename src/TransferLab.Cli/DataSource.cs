using System.CommandLine;
using TransferLab.Data;
using TransferLab.Networks;

namespace TransferLab.Cli;

/// <summary>The options that name labelled data, and its reading, for commands that train or measure one model.</summary>
/// <param name="hasEmbedded">Whether the embedded sets stand for data that is not named: images without any option, texts by <c>--text</c> without a value.</param>
internal sealed class DataSource(bool hasEmbedded = false)
{
    private readonly Option<string?> _images = new("--images") { Description = "Folder of images (train/CLASS/*, test/CLASS/*, or CLASS/*), or the name of a set", HelpName = "DIR|NAME" };
    private readonly Option<string?> _text = new("--text") { Description = "Texts with labels: a .csv, .tsv or .jsonl file, a folder with train.* and test.*, or the name of a set", HelpName = "FILE|DIR|NAME", Arity = hasEmbedded ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne };
    private readonly Option<string> _textColumn = new("--text-column") { Description = "Column of the texts", DefaultValueFactory = _ => "text", HelpName = "NAME" };
    private readonly Option<string> _labelColumn = new("--label-column") { Description = "Column of the labels", DefaultValueFactory = _ => "label", HelpName = "NAME" };
    private readonly Option<string?> _root = new("--data-root") { Description = $"Where public sets lie; {Catalog.RootVariable} where not given", HelpName = "DIR" };
    private readonly Option<bool> _skip = new("--skip-unreadable") { Description = "Leave out images that cannot be read, instead of stopping" };

    /// <summary>The options, to be added to a command.</summary>
    public IEnumerable<Option> Options => [_images, _text, _textColumn, _labelColumn, _skip, _root];

    /// <summary>What the data holds: <c>image</c>, <c>text</c>, or null where no data is named.</summary>
    /// <exception cref="ArgumentException">Both are named, or an option is given that is for the other kind.</exception>
    public string? Kind(ParseResult arguments)
    {
        string? kind = (arguments.GetResult(_images), arguments.GetResult(_text)) switch
        {
            (not null, not null) => throw new ArgumentException("--images and --text: a model is of images or of texts; give one of them."),
            (not null, _) => "image",
            (_, not null) => "text",
            _ => hasEmbedded ? "image" : null,
        };
        if (kind is not null)
        {
            KindOptions.Check(arguments, kind);
        }

        return kind;
    }

    /// <summary>Reads images.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="name">A folder or a set instead of the one that the options name; null for theirs.</param>
    /// <param name="cancellation">Stops between images.</param>
    public ImageData Images(ParseResult arguments, CancellationToken cancellation, string? name = null) => ImageFolder.Read(
        Find(name ?? arguments.GetValue(_images) ?? EmbeddedData.Images, "--images", arguments.GetValue(_root), Directory.Exists),
        new() { SkipUnreadable = arguments.GetValue(_skip) }, null, cancellation);

    /// <summary>Reads texts.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="name">A file, folder or set instead of the one that the options name; null for theirs.</param>
    /// <param name="cancellation">Stops between rows.</param>
    public LabeledData Texts(ParseResult arguments, CancellationToken cancellation, string? name = null) => TextData.Read(
        Find(name ?? arguments.GetValue(_text) ?? EmbeddedData.Texts, "--text", arguments.GetValue(_root), path => File.Exists(path) || Directory.Exists(path)),
        new() { TextColumn = arguments.GetRequiredValue(_textColumn), LabelColumn = arguments.GetRequiredValue(_labelColumn) }, null, cancellation);

    /// <summary>Reads what a model of a kind is measured on; null where no data is named.</summary>
    /// <exception cref="ArgumentException">The data is of the other kind.</exception>
    public LabeledData? ForModel(string kind, ParseResult arguments, CancellationToken cancellation)
    {
        string? given = Kind(arguments);
        return given is null ? null
            : given != kind ? throw new ArgumentException($"The model labels {kind}s, and the data holds {given}s.")
            : kind == "image" ? Images(arguments, cancellation).Data
            : Texts(arguments, cancellation);
    }

    /// <summary>A path as it is, or the folder of a set that is known by name.</summary>
    /// <param name="source">The path or name.</param>
    /// <param name="option">The option that names it, for messages.</param>
    /// <param name="root">Where public sets lie; null for the environment's.</param>
    /// <param name="exists">Whether it is a path.</param>
    /// <exception cref="DataException">There is neither.</exception>
    public static string Find(string source, string option, string? root, Predicate<string> exists) => exists(source) && !HoldsResults(source) ? source
        : source.AsSpan().ContainsAny("/\\.") ? throw new DataException($"{option} {source}: there is no such {(option == "--images" ? "folder" : "file or folder")}.")
        : EmbeddedData.Find(source) ?? Catalog.Locate(source, root);

    // "--text trec --out trec" is to find its data again when it goes on.
    private static bool HoldsResults(string folder) => new[] { "runs", "predictions", "models" }.All(part => Directory.Exists(Path.Combine(folder, part)));
}
