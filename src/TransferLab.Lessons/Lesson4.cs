using TransferLab.Comparison;

namespace TransferLab.Lessons;

/// <summary>The exercises of lesson 4, the same story for text.</summary>
public static class Lesson4
{
    /// <summary>The words of a text: in small letters, split at everything that is neither letter nor digit.</summary>
    public static ISet<string> Words(string text) =>
        new string([.. text.ToLowerInvariant().Select(c => char.IsLetterOrDigit(c) ? c : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet();

    /// <summary>How many words two texts share, of all words that they have.</summary>
    public static double Overlap(string a, string b)
    {
        ISet<string> first = Words(a), second = Words(b);
        int shared = first.Intersect(second).Count(), all = first.Union(second).Count();
        return all == 0 ? 0 : (double)shared / all;
    }

    /// <summary>An overlap of one's own.</summary>
    public static Exercise<Func<string, string, double>> OverlapOf() => new()
    {
        Id = "4.1",
        Hint = "Lesson4.Words(text) gives the set of words. Intersect(...) holds the words of both, Union(...) all of them; divide the Count() of one by that "
            + "of the other, as double.",
        Solution = "overlap = (a, b) => (double)Lesson4.Words(a).Intersect(Lesson4.Words(b)).Count() / Lesson4.Words(a).Union(Lesson4.Words(b)).Count();",
        Mistakes =
        [
            "overlap = (a, b) => Lesson4.Words(a).Intersect(Lesson4.Words(b)).Count() / Lesson4.Words(a).Union(Lesson4.Words(b)).Count();",
            "overlap = (a, b) => Lesson4.Words(a).Intersect(Lesson4.Words(b)).Count();",
            "overlap = (a, b) => a == b ? 1 : 0;",
        ],
        Takeaway = "It sees that two texts use the same words, and nothing else: \"my parcel is late\" and \"where is the package?\" share one word.",
        Fault = overlap => Math.Abs(overlap("the parcel is late", "The parcel is late!") - 1) > 1e-9 ? "the same words in other letters overlap fully: 1."
            : Math.Abs(overlap("red shoes", "blue hat")) > 1e-9 ? "texts without a common word overlap by 0."
            : Math.Abs(overlap("a b c", "b c d") - 0.5) > 1e-9 ? "\"a b c\" and \"b c d\" share 2 of 4 words: 0.5. (Integers divide without a rest in C#.)"
            : null,
    };

    /// <summary>The strategy to choose: of those that none beats, the fastest to train.</summary>
    /// <param name="results">A comparison.</param>
    public static Exercise<string> Choice(ComparisonResults results)
    {
        double fastest = results.Strategies.Where(s => !Lesson3.IsBeaten(s, results)).Min(s => s.TrainSeconds);
        return new()
        {
            Id = "4.2",
            Hint = "Leave out every strategy that another one beats by more than luck (Lesson3.IsBeaten, from lesson 3). Of the rest take the one with the "
                + "smallest TrainSeconds.",
            Solution = "choice = codes.Strategies.Where(s => !Lesson3.IsBeaten(s, codes)).MinBy(s => s.TrainSeconds)!.Name;",
            Mistakes = ["choice = \"minilm\";", "choice = codes.Strategies[0].Description;"],
            Takeaway = "First what is accurate enough, then what is cheap: in that order.",
            Fault = answer => results.Strategies.FirstOrDefault(s => s.Name == answer) is not { } chosen
                ? $"answer with one of {string.Join(", ", results.Strategies.Select(s => s.Name))}."
                : Lesson3.IsBeaten(chosen, results) ? "another strategy is more accurate than that one, by more than luck."
                : chosen.TrainSeconds > fastest ? "one that is not beaten trains faster."
                : null,
        };
    }
}
