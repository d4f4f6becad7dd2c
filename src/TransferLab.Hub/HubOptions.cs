using System.Globalization;

namespace TransferLab.Hub;

/// <summary>Where models come from and where they are kept.</summary>
public sealed record HubOptions
{
    /// <summary>The hub.</summary>
    public static Uri PublicHub { get; } = new("https://huggingface.co");

    /// <summary>The hub or a mirror of it, with the same layout.</summary>
    public Uri Endpoint { get; init; } = PublicHub;

    /// <summary>The token of an account, which is sent to <see cref="Endpoint"/> and nowhere else; null for none.</summary>
    public string? Token { get; init; }

    /// <summary>The cache, in the layout of the hub's Python library.</summary>
    public required string CacheFolder { get; init; }

    /// <summary>Whether no server is asked.</summary>
    public bool Offline { get; init; }

    /// <summary>How long a server may be silent.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a request that failed for a passing reason is tried in all.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>The pause before another attempt; tests do not wait.</summary>
    internal Func<TimeSpan, CancellationToken, Task> Pause { get; init; } = Task.Delay;

    /// <summary>Bytes that a download must leave free on the disk.</summary>
    internal long Reserve { get; init; } = 64L << 20;

    /// <summary>Bytes that are free where the cache is.</summary>
    internal Func<string, long> FreeBytes { get; init; } = folder => new DriveInfo(folder).AvailableFreeSpace;

    /// <summary>
    /// As the hub's Python library reads them: HF_ENDPOINT, HF_TOKEN or the token file (HF_TOKEN_PATH, HF_HUB_DISABLE_IMPLICIT_TOKEN), HF_HUB_CACHE, HF_HOME,
    /// XDG_CACHE_HOME, HF_HUB_OFFLINE and HF_HUB_DOWNLOAD_TIMEOUT. Proxies are those of any .NET program (HTTPS_PROXY, NO_PROXY).
    /// </summary>
    /// <exception cref="ArgumentException">One of them cannot be used; the message names it.</exception>
    public static HubOptions FromEnvironment() => From(Environment.GetEnvironmentVariable);

    internal static HubOptions From(Func<string, string?> variable)
    {
        string? Value(params string[] names) => names.Select(variable).FirstOrDefault(value => !string.IsNullOrWhiteSpace(value))?.Trim();
        string home = Value("HF_HOME") is { } given
            ? Full(given)
            : Path.Combine(Value("XDG_CACHE_HOME") is { } xdg ? Full(xdg) : Path.Combine(UserHome(), ".cache"), "huggingface");
        Uri endpoint = Value("HF_ENDPOINT") is { } address ? Address(address) : PublicHub;
        string? token = Value("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")
            ?? (IsOn(Value("HF_HUB_DISABLE_IMPLICIT_TOKEN")) ? null : FromFile(Value("HF_TOKEN_PATH") is { } file ? Full(file) : Path.Combine(home, "token")));
        return new()
        {
            Endpoint = endpoint,
            Token = token is null ? null : Checked(token, endpoint),
            CacheFolder = Value("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE") is { } cache ? Full(cache) : Path.Combine(home, "hub"),
            Offline = IsOn(Value("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")),
            Timeout = Value("HF_HUB_DOWNLOAD_TIMEOUT") is { } seconds ? Seconds(seconds) : TimeSpan.FromSeconds(30),
        };
    }

    private static bool IsOn(string? value) => value?.ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE";

    private static Uri Address(string text) => Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https"
        && uri.UserInfo.Length == 0 && uri.Query.Length == 0
        ? uri
        : throw new ArgumentException(
            $"HF_ENDPOINT {text}: is no address of a hub; give one as {PublicHub.OriginalString}, without user, password or question mark.");

    private static TimeSpan Seconds(string text) => double.TryParse(text, CultureInfo.InvariantCulture, out double seconds) && seconds is > 0 and <= 3600
        ? TimeSpan.FromSeconds(seconds)
        : throw new ArgumentException($"HF_HUB_DOWNLOAD_TIMEOUT {text}: give seconds, more than 0 and at most 3600.");

    private static string Checked(string token, Uri endpoint)
    {
        if (token.Length > 1000 || token.Any(c => !char.IsAscii(c) || char.IsControl(c) || c == ' '))
        {
            throw new ArgumentException("The token in HF_TOKEN or the token file is none: it is one word of letters, digits and '_'.");
        }

        return endpoint.Scheme == "https" || endpoint.IsLoopback ? token : throw new ArgumentException(
            $"HF_ENDPOINT {endpoint.OriginalString}: is not encrypted, and a token would be readable on the way; use https, or unset HF_TOKEN and set "
                + $"HF_HUB_DISABLE_IMPLICIT_TOKEN=1.");
    }

    private static string? FromFile(string path)
    {
        try
        {
            return File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } token ? token : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException(
                $"The token file {path} cannot be read ({e.Message.TrimEnd('.')}); set HF_TOKEN, or HF_HUB_DISABLE_IMPLICIT_TOKEN=1 to do without.", e);
        }
    }

    private static string Full(string path) => Path.GetFullPath(path == "~" || path.StartsWith("~/", StringComparison.Ordinal)
        ? Path.Combine(UserHome(), path[1..].TrimStart('/'))
        : path);

    private static string UserHome() => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home ? home
        : throw new ArgumentException("There is no home folder to keep models in: set HF_HOME or HF_HUB_CACHE to a folder of yours.");
}
