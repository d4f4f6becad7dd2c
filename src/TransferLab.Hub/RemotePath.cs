namespace TransferLab.Hub;

/// <summary>Names of files as a server gives them: before one becomes part of a path here, it must be seen to stay inside.</summary>
internal static class RemotePath
{
    private const int LongestPart = 200, Longest = 1000;
    private static readonly string[] s_devices = ["CON", "PRN", "AUX", "NUL", .. Enumerable.Range(1, 9).SelectMany(i => (string[])[$"COM{i}", $"LPT{i}"])];

    /// <summary>What is wrong with a name, as the end of a sentence; null for nothing.</summary>
    public static string? Fault(string path)
    {
        if (path.Length is 0 or > Longest)
        {
            return path.Length == 0 ? "is empty" : "is too long";
        }

        if (path.Any(char.IsControl) || path.IndexOfAny(['\\', ':', '*', '?', '"', '<', '>', '|']) >= 0)
        {
            return "holds a character that no file name may have everywhere";
        }

        foreach (string part in path.Split('/'))
        {
            string? fault = part switch
            {
                "" => "has an empty part or begins at the root",
                "." or ".." => "leads elsewhere",
                _ when part.Length > LongestPart => "is too long",
                _ when part[^1] is '.' or ' ' => "has a part that ends with a dot or a space",
                _ when s_devices.Contains(part.Split('.')[0], StringComparer.OrdinalIgnoreCase) => "names a device of Windows",
                _ => null,
            };
            if (fault is not null)
            {
                return fault;
            }
        }

        return null;
    }

    /// <summary>A name for messages: no control characters, not endless.</summary>
    public static string Shown(string path) => string.Concat(path.Take(80).Select(c => char.IsControl(c) ? '?' : c)) + (path.Length > 80 ? "..." : "");
}
