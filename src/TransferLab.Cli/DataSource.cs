using System.CommandLine;
using TransferLab.Backbones;
using TransferLab.Data;

namespace TransferLab.Cli;

/// <summary>The options that name labelled data, and its reading, for commands that train or measure one model.</summary>
internal sealed class DataSource
{
    private readonly Option<string?> _images = new("--images") { Description = "Folder of images (train/CLASS/*, test/CLASS/*, or CLASS/*), or the name of a set", HelpName = "DIR|NAME" };
    private readonly Option<string?> _text = new("--text") { Description = "Texts with labels: a .csv, .tsv or .jsonl file, a folder with train.* and test.*, or the name of a set", HelpName = "FILE|DIR|NAME" };
    private readonly Option<string> _textColumn = new("--text-column") { Description = "Column of the texts", DefaultValueFactory = _ => "text", HelpName = "NAME" };
    private readonly Option<string> _labelColumn = new("--label-column") { Description = "Column of the labels", DefaultValueFactory = _ => "label", HelpName = "NAME" };
    private readonly Option<string?> _root = new("--data-root") { Description = $"Where public sets lie; {Catalogue.RootVariable} where not given", HelpName = "DIR" };

    /// <summary>The options, to be added to a command.</summary>
    public IEnumerable<Option> Options => [_images, _text, _textColumn, _labelColumn, _root];

    /// <summary>What the data holds: <c>image</c>, <c>text</c>, or null where no data is named.</summary>
    /// <exception cref="ArgumentException">Both are named.</exception>
    public string? Kind(ParseResult arguments) => (arguments.GetValue(_images), arguments.GetValue(_text)) switch
    {
        (not null, not null) => throw new ArgumentException("--images and --text: a model is of images or of texts; give one of them."),
        (not null, _) => "image",
        (_, not null) => "text",
        _ => null,
    };

    /// <summary>Reads images.</summary>
    public ImageData Images(ParseResult arguments, CancellationToken cancellation) =>
        ImageFolder.Read(Find(arguments.GetValue(_images)!, "--images", arguments, Directory.Exists), new(), null, cancellation);

    /// <summary>Reads texts.</summary>
    public LabeledData Texts(ParseResult arguments, CancellationToken cancellation) => TextData.Read(
        Find(arguments.GetValue(_text)!, "--text", arguments, path => File.Exists(path) || Directory.Exists(path)),
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

    private string Find(string source, string option, ParseResult arguments, Predicate<string> exists) => exists(source) ? source
        : source.AsSpan().ContainsAny("/\\.") ? throw new DataException($"{option} {source}: there is no such file or folder.")
        : EmbeddedData.Find(source) ?? Catalogue.Locate(source, arguments.GetValue(_root));
}
