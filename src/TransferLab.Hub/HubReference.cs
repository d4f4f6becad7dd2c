using System.Text.RegularExpressions;

namespace TransferLab.Hub;

/// <summary>A model on the hub: <c>hf:owner/name[@revision][/file]</c>.</summary>
/// <param name="Owner">User or organisation.</param>
/// <param name="Name">Name of the model.</param>
/// <param name="Revision">Branch, tag or commit; <c>main</c> where none is named.</param>
/// <param name="File">A file of it, with <c>/</c> between folders; null for the model.</param>
public sealed partial record HubReference(string Owner, string Name, string Revision = HubReference.Main, string? File = null)
{
    /// <summary>How references begin.</summary>
    public const string Prefix = "hf:";

    /// <summary>The revision where none is named.</summary>
    public const string Main = "main";

    private const string Grammar = "hf:owner/name, hf:owner/name@revision or hf:owner/name@revision/file";

    /// <summary><c>owner/name</c>.</summary>
    public string Model => $"{Owner}/{Name}";

    /// <summary>Whether a text is meant as a reference.</summary>
    public static bool IsReference(string text) => text.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Reads a reference.</summary>
    /// <exception cref="ArgumentException">It is none; one line that says how one looks.</exception>
    public static HubReference Parse(string text)
    {
        Match match = Form().Match(text);
        if (!match.Success)
        {
            throw new ArgumentException(
                $"'{RemotePath.Shown(text)}' names no model on the hub: give {Grammar}, where owner and name are of letters, digits, '.', '_' and '-'.");
        }

        string owner = match.Groups["owner"].Value, name = match.Groups["name"].Value;
        foreach (string part in (string[])[owner, name])
        {
            if (part.Length > 96 || part.Contains("..", StringComparison.Ordinal) || part.Contains("--", StringComparison.Ordinal)
                || !char.IsAsciiLetterOrDigit(part[^1]) && part[^1] != '_')
            {
                throw new ArgumentException(
                    $"'{RemotePath.Shown(text)}': '{part}' can be no name on the hub (at most 96 characters, neither '..' nor '--' inside, nothing but a "
                        + $"letter, digit or '_' at its end).");
            }
        }

        HubReference found = new(owner, name, Group(match, "revision") ?? Main, Group(match, "file"));
        return (RemotePath.Fault(found.Revision) ?? (found.File is null ? null : RemotePath.Fault(found.File))) is { } fault
            ? throw new ArgumentException(
                $"'{RemotePath.Shown(text)}': revision and file are paths inside a model of the hub, and one {fault}; give {Grammar}.")
            : found;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Prefix}{Model}{(Revision == Main ? "" : "@" + Revision)}{(File is null ? "" : "/" + File)}";

    private static string? Group(Match match, string name) => match.Groups[name] is { Success: true, Value: { } value } ? value : null;

    // Of revisions only refs/pr/NUMBER holds slashes.
    [GeneratedRegex(
        @"\Ahf:(?<owner>[A-Za-z0-9][A-Za-z0-9._-]*)/(?<name>[A-Za-z0-9][A-Za-z0-9._-]*)(@(?<revision>refs/pr/[0-9]{1,9}|[^/@]+))?(/(?<file>.+))?\z")]
    private static partial Regex Form();
}
