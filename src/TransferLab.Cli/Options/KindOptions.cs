using System.CommandLine;

namespace TransferLab.Cli;

/// <summary>Options that mean something for images alone, or for texts alone: given with the other kind they would be passed over without a word.</summary>
internal static class KindOptions
{
    private static readonly string[] s_ofImages = ["--image-size", "--mean", "--deviation", "--no-flip", "--classes-as-is", "--skip-unreadable"];
    private static readonly string[] s_ofTexts = ["--max-tokens", "--prefix", "--text-column", "--label-column", "--separator", "--quote"];

    /// <summary>Looks at what is given on the command line, not at defaults.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="kind"><c>image</c> or <c>text</c>: what the data holds.</param>
    /// <exception cref="ArgumentException">An option of the other kind is given.</exception>
    public static void Check(ParseResult arguments, string kind)
    {
        (string other, string[] options) = kind == "image" ? ("text", s_ofTexts) : ("image", s_ofImages);
        if (arguments.CommandResult.Command.Options.FirstOrDefault(option => options.Contains(option.Name)
            && arguments.GetResult(option) is { Implicit: false }) is { } given)
        {
            string source = other == "text" ? "--text" : "--images";
            string instead = arguments.CommandResult.Command.Options.Any(option => option.Name == source) ? $", or name {other}s with {source}" : "";
            throw new ArgumentException($"{given.Name} is for {other}s, and the data holds {kind}s; leave it out{instead}.");
        }
    }
}
