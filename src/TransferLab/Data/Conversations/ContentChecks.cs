using System.Text.RegularExpressions;

namespace TransferLab.Data;

/// <summary>What stands in the texts of a conversation and had better not: markers of templates, what looks private, answers that are not whole.</summary>
internal static partial class ContentChecks
{
    private const int LongAnswer = 40; // Shorter answers may be a name, a list or a title.
    private const int Repeats = 20;

    /// <summary>Looks at every turn of a row that could be read.</summary>
    public static IEnumerable<ChatFinding> Of(ChatRow row)
    {
        IReadOnlyList<Turn> turns = row.Conversation!.Turns;
        for (int i = 0; i < turns.Count; i++)
        {
            string path = row.TextPath(i), text = turns[i].Content;
            foreach ((string kind, string reason, string mend) in In(text).Concat(turns[i].Role == Role.Assistant ? InAnswer(text) : []))
            {
                yield return new(row.Line, path, kind, false, reason, mend);
            }

            for (int j = 0; j < turns[i].ToolCalls.Count; j++)
            {
                foreach ((string kind, string reason, string mend) in In(turns[i].ToolCalls[j].Arguments))
                {
                    yield return new(row.Line, $"{row.Paths[i]}.tool_calls[{j}].function.arguments", kind, false, reason, mend);
                }
            }
        }
    }

    private static IEnumerable<(string Kind, string Reason, string Mend)> In(string text)
    {
        if (Markers().Match(text) is { Success: true } marker)
        {
            yield return ("marker", $"'{ChatRowContext.Short(marker.Value)}' is a marker of a chat template, left in the text",
                "remove it: the template writes its own, and in a text it stays plain text");
        }

        foreach ((string what, string found) in PrivateText.Find(text))
        {
            yield return ("private", $"{what} that looks private: {found}", "replace it by an invented one, or make sure that it may be learnt");
        }
    }

    private static IEnumerable<(string Kind, string Reason, string Mend)> InAnswer(string text)
    {
        if (Placeholders().Match(text) is { Success: true } placeholder)
        {
            yield return ("placeholder", $"the answer holds '{ChatRowContext.Short(placeholder.Value)}', which reads like a place to be filled in",
                "write what belongs there");
        }

        if (CutOff(text) is { } end)
        {
            yield return ("cut-off", $"the answer ends {end}, as if it were cut off", "write its end");
        }

        if (Repeated(text) is { } repeated)
        {
            yield return ("repetition", $"the answer repeats itself: {repeated}", "shorten it: what is trained is said again");
        }

        if (text.Length > 0 && char.IsWhiteSpace(text[0]))
        {
            yield return ("leading-space", "the answer begins with white space, which the model learns to write",
                "remove it, unless it is meant (indented code)");
        }
    }

    private static string? CutOff(string answer)
    {
        string text = answer.TrimEnd();
        int fences = Fences().Count(text);
        if (fences % 2 == 1)
        {
            return "inside a block of code";
        }

        if (text.Length < LongAnswer)
        {
            return null;
        }

        if (text[^1] is ',' or ';' or ':' or '(' or '[' or '{' || (text[^1] == '-' && char.IsLetter(text[^2])))
        {
            return $"with '{text[^1]}'";
        }

        return Unfinished().Match(text) is { Success: true } word && fences == 0 ? $"with the word '{word.Groups[1].Value}'" : null;
    }

    /// <summary>One passage again and again to the end.</summary>
    private static string? Repeated(string text)
    {
        string end = text.TrimEnd();
        for (int length = 1; length <= 200 && length * Repeats <= end.Length; length++)
        {
            int same = 0;
            while (same + length < end.Length && end[^(same + 1)] == end[^(same + 1 + length)])
            {
                same++;
            }

            string unit = end[^length..].Trim();
            if (same >= length * (Repeats - 1) && unit.Any(char.IsLetterOrDigit))
            {
                return $"'{ChatRowContext.Short(unit)}' {1 + (same / length):N0} times";
            }
        }

        return null;
    }

    [GeneratedRegex(
        @"<\|[A-Za-z_][\w ]{1,40}\|>|<｜[^｜]{2,40}｜>|\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>|^<s>|</s>\s*$|</?(?:tool_call|tool_response|think|eos|bos)>|^### (?:Instruction|Response):|^(?:Human|Assistant|USER|ASSISTANT): ", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Markers();

    // In brackets: small words that name what is missing; not a link's text, an index, a citation or a task of a list.
    [GeneratedRegex(
        @"(?<![\w\])`])\[(?:your|insert|add|enter|the|name|date|link|url|recipe|steps?|answer|topic|company|product|number|amount|address|email|phone|city|price|todo|tbd|placeholder|fill)(?: [\w' -]{1,30})?\](?!\()|(?<!`)\{\{[ \t]{0,8}[\w.][\w .]{0,39}\}\}|<(?:your|insert) [\w -]{1,40}>|(?-i:\b(?:TODO|TBD|FIXME)\b)|\blorem ipsum\b|^\W{0,9}(?:N/A|XXX+|\.{3}|…|<answer>|insert .{0,20} here)\W{0,9}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Placeholders();

    [GeneratedRegex(@"[\s,](the|an|and|or|but|of|to|with|for|because|which|from|into|your|their|that is|such as)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Unfinished();

    // At the beginning of a line; one that closes on its line is no block.
    [GeneratedRegex(@"^[ \t]*```(?![^\n]*```)", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Fences();
}
