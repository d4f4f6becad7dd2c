using System.CommandLine;
using TransferLab.Cli.Hosted;

namespace TransferLab.Cli;

/// <summary>The options that name a host, and confirm that data goes there.</summary>
internal sealed class HostFlags
{
    private readonly Option<string?> _host = new("--host")
    {
        Description =
            "Ask a model of a host that speaks OpenAI's API, such as https://api.openai.com/v1; --model is its name there. The data leaves the machine",
        HelpName = "URL",
    };
    private readonly Option<string?> _variable = new("--host-key-variable")
    {
        Description = $"The variable of the environment that holds the host's key; {ModelHost.DefaultVariable} where not given",
        HelpName = "NAME",
    };
    private readonly Option<bool> _yes = new("--yes") { Description = "Confirm beforehand that data goes to the host, and what that may cost" };

    /// <summary>The options, to be added to a command.</summary>
    public IEnumerable<Option> All => [_host, _variable, _yes];

    /// <summary>Whether it was confirmed beforehand.</summary>
    public bool IsConfirmed(ParseResult arguments) => arguments.GetValue(_yes);

    /// <summary>The host that judges, with the key that the one which answers would have.</summary>
    public ModelHost Other(ParseResult arguments, string url) => ModelHost.Of(url, arguments.GetValue(_variable), Environment.GetEnvironmentVariable);

    /// <summary>The host; null where none is named.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="isForJudge">Whether a host judges, so that what belongs to hosts has its place without one that answers.</param>
    /// <exception cref="ArgumentException">It cannot be used, or what belongs to it is given without it.</exception>
    public ModelHost? Read(ParseResult arguments, bool isForJudge = false)
    {
        string? variable = arguments.GetValue(_variable);
        return arguments.GetValue(_host) is { } url ? ModelHost.Of(url, variable, Environment.GetEnvironmentVariable)
            : isForJudge || (variable is null && !arguments.GetValue(_yes)) ? null
            : throw new ArgumentException($"{(variable is null ? _yes.Name : _variable.Name)}: is for a host; name it with --host URL, or leave it out.");
    }
}
