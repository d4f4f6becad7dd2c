using System.Globalization;

namespace TransferLab.ChatData;

/// <summary>What was thrown away for one reason.</summary>
/// <param name="Reason">Why, and what: "rows without an answer".</param>
/// <param name="Count">How many.</param>
/// <param name="Places">Where, each place once: the first of them, 21 at most.</param>
public sealed record LeftOut(string Reason, int Count, IReadOnlyList<string> Places)
{
    private const int Shown = 20;

    /// <summary>One line.</summary>
    public override string ToString()
    {
        string places = string.Join("; ", Places.Take(Shown)) + (Places.Count > Shown ? "; ..." : "");
        return string.Create(CultureInfo.InvariantCulture, $"{Reason}: {Count:N0} ({places})");
    }
}
