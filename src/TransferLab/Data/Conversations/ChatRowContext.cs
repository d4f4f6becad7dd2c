using System.Text.Json;

namespace TransferLab.Data;

/// <summary>Collects the findings of one row while it is read.</summary>
/// <param name="line">Where it stands.</param>
/// <param name="ignored">Members of a row that others read.</param>
internal sealed class ChatRowContext(int line, IReadOnlyList<string> ignored)
{
    private const int Shown = 40;

    public int Line { get; } = line;

    public List<ChatFinding> Findings { get; } = [];

    public void Fault(string path, string kind, string reason, string mend, string? mended = null) =>
        Findings.Add(new(Line, path, kind, true, reason, mend) { Mended = mended });

    public void Warn(string path, string kind, string reason, string mend, string? mended = null) =>
        Findings.Add(new(Line, path, kind, false, reason, mend) { Mended = mended });

    /// <summary>The string there; null, and a fault, where it is something else.</summary>
    public string? Text(string path, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            return Decoded(path, value);
        }

        if (value.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
        {
            Fault(path, "wrong-type", $"{Kind(value)} where a string is expected", $"write \"{value.GetRawText()}\"", "written as a string");
            return value.GetRawText();
        }

        Fault(path, "wrong-type", $"{Kind(value)} where a string is expected", "write the text as one string");
        return null;
    }

    /// <summary>Looks for members that nobody reads and for members given twice.</summary>
    /// <param name="path">The object's path.</param>
    /// <param name="value">The object.</param>
    /// <param name="known">The members that are read.</param>
    public void Keys(string path, JsonElement value, params string[] known)
    {
        HashSet<string> seen = [];
        foreach (JsonProperty member in value.EnumerateObject())
        {
            string place = $"{path}.{Short(member.Name)}";
            if (!seen.Add(member.Name))
            {
                Fault(place, "key-twice", $"the key '{Short(member.Name)}' stands twice in one object, and readers disagree on which counts", "leave one");
            }
            else if (known.Contains(member.Name) || (path == "$" && ignored.Contains(member.Name)))
            {
                continue;
            }
            else if (Meant(member.Name, known, value) is { } meant)
            {
                Fault(place, "unknown-key", $"the key '{Short(member.Name)}' is unknown, and may be meant as '{meant}'", "correct its spelling, or remove it");
            }
            else
            {
                Fault(place, "unknown-key", $"the key '{Short(member.Name)}' is unknown; known are {string.Join(", ", known)}", "remove it", "removed");
            }
        }
    }

    public static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "a boolean",
    };

    /// <summary>The text with what no terminal should get replaced.</summary>
    public static string Clean(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '\uFFFD' : c));

    /// <summary>The beginning of a text, on one line.</summary>
    public static string Short(string text)
    {
        string line = string.Join(' ', (text.Length > 4 * Shown ? text[..(4 * Shown)] : text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        line = Clean(line);
        int end = line.Length > Shown && char.IsHighSurrogate(line[Shown - 1]) ? Shown - 1 : Shown;
        return line.Length > Shown ? line[..end] + "..." : line;
    }

    private string? Decoded(string path, JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            Fault(path, "half-surrogate", "an escape \\u is half of a surrogate pair", "write both halves or the character itself");
            return null;
        }
    }

    private static string? Meant(string name, string[] known, JsonElement value) =>
        known.FirstOrDefault(candidate => !value.TryGetProperty(candidate, out _)
            && (candidate.Equals(name.Trim(), StringComparison.OrdinalIgnoreCase) || IsMisspelt(name, candidate)));

    /// <summary>One letter left out, added, changed, or two exchanged.</summary>
    private static bool IsMisspelt(string name, string candidate)
    {
        if (candidate.Length < 4 || Math.Abs(name.Length - candidate.Length) > 1)
        {
            return false;
        }

        int head = 0, tail = 0, shorter = Math.Min(name.Length, candidate.Length);
        while (head < shorter && char.ToLowerInvariant(name[head]) == candidate[head])
        {
            head++;
        }

        while (tail < shorter - head && char.ToLowerInvariant(name[^(tail + 1)]) == candidate[^(tail + 1)])
        {
            tail++;
        }

        int left = name.Length - head - tail, right = candidate.Length - head - tail;
        return left <= 1 && right <= 1 || (left == 2 && right == 2 && name[head] == candidate[head + 1] && name[head + 1] == candidate[head]);
    }
}
