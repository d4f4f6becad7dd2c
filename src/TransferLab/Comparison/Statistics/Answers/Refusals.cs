using System.Text.RegularExpressions;

namespace TransferLab.Comparison;

/// <summary>
/// Whether an answer declines: nothing at all, or a first sentence that says, in English or Korean, that the answer is not known or not given.
/// </summary>
internal static partial class Refusals
{
    private const int MostSearched = 300;

    public static bool Is(string answer)
    {
        string text = answer.Trim();
        if (text.Length == 0)
        {
            return true;
        }

        string first = text[..Math.Min(MostSearched, text.Length)].ToLowerInvariant().Replace('’', '\'');
        int end = SentenceEnd().Match(first) is { Success: true } match ? match.Index : first.Length;
        return Whole().IsMatch(first.Trim()) || English().IsMatch(first[..end]) || Korean().IsMatch(first[..end]);
    }

    [GeneratedRegex(@"[.!?](\s|$)|\n|。")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"^\W*(unknown|unanswerable|n/a|no answer|not (stated|given|mentioned|specified|available|known|provided)|모름|모릅니다|몰라요|알 수 없음|없음)\W*$")]
    private static partial Regex Whole();

    [GeneratedRegex("""
        \bi('m|\s+am)?\s+(really\s+|honestly\s+)?(do\s+not|don't|cannot|can't|could\s+not|couldn't|unable\s+to|not\s+able\s+to|not\s+sure)\s*(know|answer|find|say|tell|determine|provide\s+an\s+answer|have\b.{0,30}\binformation|have\s+an?\s+answer|what|who|when|where|which|how|$|,|about)
        |\b(cannot|can't|can\s+not|could\s+not)\s+be\s+(answered|determined|found|known)
        |\b(is|are|was|were|does|do)(\s+not|n't)\s+(explicitly\s+|directly\s+)?(mentioned|stated|given|specified|provided|known|contained|found|mention|say|state|specify|provide|contain|include|answer)\b.*\b(passages?|contexts?|texts?|documents?|information|answer|handbook|article|question|this)\b
        |\b(passages?|contexts?|texts?|documents?|handbook|article)\b.*\b(does|do|is|are)(\s+not|n't)\s+(mention|say|state|specify|provide|contain|include|give|answer|clear)
        |\banswer\b.{0,60}\b(is|was)(\s+not|n't)\s+(explicitly\s+|directly\s+)?(mentioned|stated|given|specified|provided|known|found|available)
        |\b(no|not\s+enough|insufficient)\s+(relevant\s+|such\s+)?information\b|\bno\s+(known\s+)?answer\b|\bis\s+(unknown|unanswerable)\b|^unanswerable\b
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex English();

    [GeneratedRegex(
        "모르겠|모릅니다|알\\s*수\\s*(가\\s*)?없|답(변)?(을|은)?\\s*(할|드릴|찾을)\\s*수\\s*(가\\s*)?없|대답할\\s*수\\s*(가\\s*)?없|찾을\\s*수\\s*(가\\s*)?없|정보(가|는)?\\s*(없|부족)|(언급|명시|제공)(되어|돼)?\\s*(되지\\s*않|있지\\s*않)|나와\\s*있지\\s*않|나오지\\s*않|적혀\\s*있지\\s*않")]
    private static partial Regex Korean();
}
