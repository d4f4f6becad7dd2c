using System.CommandLine;
using TransferLab.Data;

namespace TransferLab.Cli;

/// <summary>The options that say how files with columns are written.</summary>
internal sealed class FieldOptions
{
    private readonly Option<string?> _separator = new("--separator")
    {
        Description = "What separates the fields of .csv and .tsv: a sign such as ; or the word tab; told by the header where not given",
        HelpName = "CHAR",
    };
    private readonly Option<string> _quote = new("--quote")
    {
        Description = "What encloses fields that hold separators or line breaks: \" or ', or none where quotes are plain text",
        DefaultValueFactory = _ => "\"",
        HelpName = "CHAR",
    };

    /// <summary>The options, to be added to a command.</summary>
    public IEnumerable<Option> All => [_separator, _quote];

    /// <summary>How a file is read.</summary>
    /// <exception cref="ArgumentException">A value is no sign.</exception>
    public TextDataOptions Of(ParseResult arguments) => new()
    {
        Separator = arguments.GetValue(_separator) is { } separator ? Sign("--separator", separator, "tab", '\t') : null,
        Quote = Sign("--quote", arguments.GetRequiredValue(_quote), "none", null),
    };

    private static char? Sign(string option, string given, string word, char? meant) => given == word || given == "\\t" ? meant
        : given.Length == 1 ? given[0]
        : throw new ArgumentException($"{option} {given}: give one character, or the word {word}.");
}
