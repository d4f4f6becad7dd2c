using System.Text.RegularExpressions;

namespace TransferLab.Data;

/// <summary>Finds e-mail addresses, telephone numbers and keys. What it reports is masked: a report is passed on.</summary>
internal static partial class PrivateText
{
    private const int MostOfAKind = 3, Seen = 4, FewestDigits = 9, MostDigits = 15;

    // Reserved for examples: RFC 2606, and the numbers of film and television.
    private static readonly string[] s_invented = ["example.com", "example.org", "example.net", ".example", ".test", ".invalid", "localhost", "domain.com",
        "yourdomain.com", "email.com"];

    /// <summary>What was found, with its kind; each once, at most three of a kind.</summary>
    public static IEnumerable<(string What, string Masked)> Find(string text) =>
        Of("a key", Keys().EnumerateMatches(text), text, _ => true)
            .Concat(Of("an e-mail address", Addresses().EnumerateMatches(text), text, found =>
                !s_invented.Any(end => IsAt(found, end))))
            .Concat(Of("a telephone number", Numbers().EnumerateMatches(text), text, IsNumber));

    private static bool IsAt(string address, string end) => end[0] == '.'
        ? address.EndsWith(end, StringComparison.OrdinalIgnoreCase)
        : address.EndsWith($"@{end}", StringComparison.OrdinalIgnoreCase) || address.EndsWith($".{end}", StringComparison.OrdinalIgnoreCase);

    private static List<(string, string)> Of(string what, Regex.ValueMatchEnumerator matches, string text, Func<string, bool> isReal)
    {
        List<(string, string)> found = [];
        HashSet<string> seen = [];
        foreach (ValueMatch match in matches)
        {
            string value = text.Substring(match.Index, match.Length);
            bool isPart = value[0] == '+' && match.Index > 0 && (char.IsLetterOrDigit(text[match.Index - 1]) || text[match.Index - 1] == ')'); // A sum.
            if (found.Count < MostOfAKind && !isPart && isReal(value) && seen.Add(value))
            {
                found.Add((what, Mask(value)));
            }
        }

        return found;
    }

    private static bool IsNumber(string value)
    {
        string digits = string.Concat(value.Where(char.IsAsciiDigit));
        bool areDates = value.Length > 7 && value[2] == '/' && value[3..7] is var year && (year.StartsWith("19", StringComparison.Ordinal)
            || year.StartsWith("20", StringComparison.Ordinal));
        return !areDates && digits.Length is >= FewestDigits and <= MostDigits
            && digits.Distinct().Count() > 2 && !digits.Contains("55501", StringComparison.Ordinal)
            && !"1234567890123".Contains(digits, StringComparison.Ordinal);
    }

    private static string Mask(string value)
    {
        string head = ChatRowContext.Short(value.Length <= Seen ? value : value[..Seen]);
        int at = value.IndexOf('@', StringComparison.Ordinal);
        return at > 0 ? $"{value[0]}***{value[at..]}" : $"{head}*** ({value.Length} characters)";
    }

    [GeneratedRegex(@"[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,4}\.[A-Za-z]{2,24}",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Addresses();

    // With a country's code; three groups as in North America; two to four that begin with 0. Dates, amounts and versions have other forms.
    [GeneratedRegex(
        @"\+[1-9][0-9]{0,2}[ .-]?(?:\(0?[0-9]{1,4}\)[ .-]?)?[0-9]{1,4}(?:[ .-]?[0-9]{2,4}){2,4}\b|(?:\([2-9][0-9]{2}\) ?|\b[2-9][0-9]{2}[.-])[0-9]{3}[.-][0-9]{4}\b|\b0[1-9][0-9]{0,3}[ /-][0-9]{3,4}[ -]?[0-9]{4}\b|\b0[1-9][0-9]{3} [0-9]{6}\b|\b0[1-9](?:[ .][0-9]{2}){4}\b|(?:\(0[1-9][0-9]{1,4}\)|\b0[1-9][0-9]{1,3}) [0-9]{6,8}\b|\(0[1-9][0-9]{1,4}\) [0-9]{3,4} [0-9]{3,4}\b", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Numbers();

    [GeneratedRegex(
        @"\bsk-[A-Za-z0-9_-]{20,}|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_[A-Za-z0-9_]{30,}|\bAIza[0-9A-Za-z_-]{35}|\bxox[abprs]-[A-Za-z0-9-]{10,}|\bhf_[A-Za-z0-9]{30,}|\bglpat-[A-Za-z0-9_-]{20,}|-----BEGIN (?:[A-Z]{2,10} )?PRIVATE KEY-----|\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Keys();
}
