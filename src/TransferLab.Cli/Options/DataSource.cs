using System.CommandLine;
using TransferLab.Data;
using TransferLab.Networks;

namespace TransferLab.Cli;

/// <summary>The options that name labelled data, and its reading, for commands that train or measure one model.</summary>
/// <param name="hasEmbedded">Whether the embedded sets stand for data that is not named: images without any option, texts by <c>--text</c> without a
/// value.</param>
internal sealed class DataSource(bool hasEmbedded = false)
{
    private readonly Option<string?> _images = new("--images")
    {
        Description = "Folder of images (train/CLASS/*, test/CLASS/*, or CLASS/*), or the name of a set",
        HelpName = "DIR|NAME",
    };
    private readonly Option<string?> _text = new("--text")
    {
        Description = "Texts with labels: a .csv, .tsv or .jsonl file, a folder with train.* and test.*, or the name of a set",
        HelpName = "FILE|DIR|NAME",
        Arity = hasEmbedded ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
    };
    private readonly Option<string> _textColumn = new("--text-column")
    {
        Description = "Column of the texts",
        DefaultValueFactory = _ => "text",
        HelpName = "NAME",
    };
    private readonly Option<string> _labelColumn = new("--label-column")
    {
        Description = "Column of the labels",
        DefaultValueFactory = _ => "label",
        HelpName = "NAME",
    };
    private readonly Option<string?> _root = new("--data-root")
    {
        Description = $"Where public sets lie; {Catalog.RootVariable} where not given",
        HelpName = "DIR",
    };
    private readonly Option<bool> _skip = new("--skip-unreadable") { Description = "Leave out images that cannot be read, instead of stopping" };
    private readonly Option<bool> _asIs = new("--classes-as-is")
    {
        Description = "Take every sub-folder for a class, whatever its name: also train, test, or one that begins with a dot",
    };
    private readonly FieldOptions _fields = new();

    /// <summary>The options, to be added to a command.</summary>
    public IEnumerable<Option> All => [_images, _text, _textColumn, _labelColumn, .. _fields.All, _asIs, _skip, _root];

    /// <summary>Where public sets lie, where the command line says it.</summary>
    public string? Root(ParseResult arguments) => arguments.GetValue(_root);

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

    /// <summary>The folder or file that is read.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="kind"><c>image</c> or <c>text</c>.</param>
    /// <param name="name">A folder, file or set instead of the one that the options name; null for theirs.</param>
    /// <param name="option">The option that names it, for messages; null for the one of the kind.</param>
    /// <exception cref="DataException">There is nothing of that name.</exception>
    public string Locate(ParseResult arguments, string kind, string? name = null, string? option = null) => kind == "image"
        ? Find(name ?? arguments.GetValue(_images) ?? EmbeddedData.Images, option ?? "--images", arguments.GetValue(_root), Directory.Exists)
        : Find(name ?? arguments.GetValue(_text) ?? EmbeddedData.Texts, option ?? "--text", arguments.GetValue(_root), path => File.Exists(path)
            || Directory.Exists(path));

    /// <summary>Reads images.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="cancellation">Stops between images.</param>
    /// <param name="path">A folder instead of the one that the options name; null for theirs.</param>
    /// <param name="test">The folder of the test; null for the data's own.</param>
    /// <param name="progress">Told how many images are read.</param>
    public ImageData Images(ParseResult arguments, CancellationToken cancellation, string? path = null, string? test = null, IProgress<int>? progress = null) =>
        ImageFolder.Read(path ?? Locate(arguments, "image"),
            new() { TestFolder = test, SkipUnreadable = arguments.GetValue(_skip), ClassesAsIs = arguments.GetValue(_asIs) }, progress, cancellation);

    /// <summary>Reads texts.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="cancellation">Stops between rows.</param>
    /// <param name="path">A file or folder instead of the one that the options name; null for theirs.</param>
    /// <param name="test">The file of the test; null for the data's own.</param>
    /// <param name="progress">Told how many rows are read.</param>
    public LabeledData Texts(ParseResult arguments, CancellationToken cancellation, string? path = null, string? test = null, IProgress<int>? progress = null)
    {
        TextDataOptions options = _fields.Of(arguments) with
        {
            TestPath = test,
            TextColumn = arguments.GetRequiredValue(_textColumn),
            LabelColumn = arguments.GetRequiredValue(_labelColumn),
        };
        return TextData.Read(path ?? Locate(arguments, "text"), options, progress, cancellation);
    }

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
        : source.AsSpan().ContainsAny("/\\.")
            ? throw new DataException($"{option} {source}: there is no such {(option == "--images" ? "folder" : "file or folder")}.")
        : EmbeddedData.Find(source) ?? Catalog.Locate(source, root);

    // "--text trec --out trec" is to find its data again when it goes on.
    private static bool HoldsResults(string folder) => new[] { "runs", "predictions", "models" }.All(part => Directory.Exists(Path.Combine(folder, part)));
}
