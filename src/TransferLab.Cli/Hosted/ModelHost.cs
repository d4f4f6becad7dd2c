using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.RegularExpressions;
using OpenAI;

namespace TransferLab.Cli.Hosted;

/// <summary>A host that speaks OpenAI's API, with the key that it wants. The key is in memory alone: no message, file or log of the program holds it.</summary>
internal sealed partial class ModelHost
{
    /// <summary>The variable that holds the key where nobody names another.</summary>
    public const string DefaultVariable = "OPENAI_API_KEY";

    private const string NoKey = "none", Hidden = "***";
    private static readonly TimeSpan s_silence = TimeSpan.FromMinutes(2); // Longest time without a byte, before a request counts as lost.
    private readonly string? _key;

    private ModelHost(Uri endpoint, string variable, string? key) => (Endpoint, Variable, _key) = (endpoint, variable, key);

    /// <summary>Its address, with the version: <c>https://api.openai.com/v1</c>.</summary>
    public Uri Endpoint { get; }

    /// <summary>The variable that holds the key.</summary>
    public string Variable { get; }

    /// <summary>Whether it is OpenAI's own.</summary>
    public bool IsOpenAI => Endpoint.Host.Equals("api.openai.com", StringComparison.OrdinalIgnoreCase);

    /// <summary>The official client. It makes no tries of its own, so that every one of them is seen and counted.</summary>
    public OpenAIClient Client() => new(
        new ApiKeyCredential(_key ?? NoKey),
        new() { Endpoint = Endpoint, RetryPolicy = new ClientRetryPolicy(maxRetries: 0), NetworkTimeout = s_silence });

    /// <summary>A host by its address.</summary>
    /// <param name="url">http or https; <c>/v1</c> is added where there is no path.</param>
    /// <param name="variable">The variable that holds the key; null for <see cref="DefaultVariable"/>.</param>
    /// <param name="environment">Reads a variable.</param>
    /// <exception cref="ArgumentException">The address or the variable cannot be used, or a key is missing that another machine would want. A key in either is
    /// not repeated.</exception>
    public static ModelHost Of(string url, string? variable, Func<string, string?> environment)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https"))
        {
            throw new ArgumentException("--host: is no http or https address; give one such as https://api.openai.com/v1.");
        }

        if (uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            throw new ArgumentException(
                $"--host {uri.GetLeftPart(UriPartial.Scheme)}{uri.Authority.Split('@')[^1]}...: an address holds no user, key or query; "
                + $"put the key into a variable of the environment ({DefaultVariable}, or --host-key-variable NAME).");
        }

        string name = variable ?? DefaultVariable;
        if (!VariableName().IsMatch(name))
        {
            throw new ArgumentException(
                "--host-key-variable: is no name of a variable (letters, digits and underscores); give the name, never the key itself.");
        }

        string? key = environment(name)?.Trim() is { Length: > 0 } given ? given : null;
        if (key is null && !uri.IsLoopback)
        {
            throw new ArgumentException(
                $"{name}: is not set; put the key of {uri.Host} into that variable of the environment, or name another with --host-key-variable.");
        }

        if (key is not null && key.Any(c => c is < '!' or > '~'))
        {
            throw new ArgumentException($"{name}: holds a character that no key has, such as a space or a line break; set it anew.");
        }

        if (uri.Scheme == "http" && !uri.IsLoopback)
        {
            throw new ArgumentException($"--host {url}: key and data would be sent unencrypted; give the https address.");
        }

        return new(uri.AbsolutePath == "/" ? new(uri, "v1") : uri, name, key);
    }

    /// <summary>A text of the host's without the key in it.</summary>
    public string WithoutKey(string text) => _key is null ? text : text.Replace(_key, Hidden, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Endpoint.ToString().TrimEnd('/');

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex VariableName();
}
