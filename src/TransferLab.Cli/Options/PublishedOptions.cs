using System.CommandLine;
using System.Globalization;
using TransferLab.Networks;

namespace TransferLab.Cli;

/// <summary>The options that say of a published file what it does not say itself.</summary>
internal sealed class PublishedOptions
{
    private const double MostPixel = 1e6;
    private const int LongestPrefix = 10_000;
    private static readonly string[] s_pooling = [.. Enum.GetNames<Pooling>().Select(name => name.ToLowerInvariant())];

    private readonly Option<string?> _architecture = new("--architecture")
    {
        Description = "Family of a file of weights whose names do not tell it",
        HelpName = "NAME",
    };
    private readonly Option<string?> _section = new("--section") { Description = "Which dictionary of a PyTorch file that holds several", HelpName = "NAME" };
    private readonly Option<string?> _mean = new("--mean")
    {
        Description = "What is subtracted from pixels of 0 to 255: one number, or three for red, green, blue; the model's own where not given",
        HelpName = "N[,N,N]",
    };
    private readonly Option<string?> _deviation = new("--deviation")
    {
        Description = "What they are then divided by: one number or three",
        HelpName = "N[,N,N]",
    };
    private readonly Option<string?> _pooling = new("--pooling")
    {
        Description = $"How positions become one vector: {string.Join(", ", s_pooling)}; the model's own where not given",
        HelpName = "NAME",
    };
    private readonly Option<string?> _prefix = new("--prefix")
    {
        Description = "Put before every text, such as 'query: ' for networks that were trained so; the model's own where not given",
        HelpName = "TEXT",
    };

    private readonly Option<string?> _output = new("--onnx-output")
    {
        Description = "Which output of an ONNX file, or which value inside, are the features",
        HelpName = "NAME",
    };

    /// <summary>The options, to be added to a command.</summary>
    public IEnumerable<Option> All => [_architecture, _section, _mean, _deviation, _pooling, _prefix, _output];

    /// <summary>What is said.</summary>
    /// <exception cref="ArgumentException">A value cannot be used.</exception>
    public BackboneRequest Request(ParseResult arguments, CancellationToken cancellation = default) => new()
    {
        DataRoot = arguments.CommandResult.Command.Options.OfType<Option<string?>>().FirstOrDefault(option => option.Name == "--data-root") is { } root
            ? arguments.GetValue(root)
            : null,
        Cancellation = cancellation,
        Options = new()
        {
            Architecture = arguments.GetValue(_architecture),
            Section = arguments.GetValue(_section),
            Mean = Numbers(_mean, arguments.GetValue(_mean), -MostPixel),
            Deviation = Numbers(_deviation, arguments.GetValue(_deviation), 1e-6),
            Pooling = arguments.GetValue(_pooling) is { } pooling ? OfName(pooling) : null,
            Prefix = arguments.GetValue(_prefix) is { } prefix ? Checked(prefix) : null,
            OnnxOutput = arguments.GetValue(_output),
        },
    };

    private static string Checked(string prefix) => prefix.Length <= LongestPrefix ? prefix
        : throw new ArgumentException(string.Create(
            CultureInfo.InvariantCulture, $"--prefix: is at most {LongestPrefix:N0} characters long, not {prefix.Length:N0}."));

    private static Pooling OfName(string name) => Array.IndexOf(s_pooling, name.ToLowerInvariant()) is >= 0 and var i ? Enum.GetValues<Pooling>()[i]
        : throw new ArgumentException($"--pooling {name}: choose {string.Join(", ", s_pooling)}.");

    private static IReadOnlyList<double>? Numbers(Option<string?> option, string? text, double least)
    {
        if (text is null)
        {
            return null;
        }

        string[] words = text.Split(',', StringSplitOptions.TrimEntries);
        double[] numbers = [.. words.Select(word => double.TryParse(word, CultureInfo.InvariantCulture, out double number) && number >= least
            && number <= MostPixel ? number : double.NaN)];
        return numbers.Length is 1 or 3 && !numbers.Any(double.IsNaN) ? numbers
            : throw new ArgumentException(
                $"{option.Name} {text}: give one number or three, separated by commas, for pixels of 0 to 255{(least > 0 ? ", above 0" : "")}.");
    }
}
