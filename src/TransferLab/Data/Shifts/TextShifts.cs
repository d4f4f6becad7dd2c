using System.Globalization;
using System.Text;
using TransferLab.Runtime;

namespace TransferLab.Data;

/// <summary>Damaged copies of test texts: typing mistakes, few to many, and capitals throughout. The same seed gives the same copies.</summary>
public static class TextShifts
{
    private const int Seed = 1711;
    private const int ShortestWord = 3;
    private static readonly double[] s_typos = [0.1, 0.2, 0.4];

    /// <summary>Makes the copies.</summary>
    public static IReadOnlyList<ShiftedTest> Of(IReadOnlyList<Example> test) =>
    [
        new()
        {
            Name = "case",
            Severity = 1,
            Description = "all in capitals",
            Examples = [.. test.Select(example => example with { Source = example.Source.ToUpperInvariant(), Hash = example.Hash + "/case" })],
        },
        .. s_typos.Select((share, s) => new ShiftedTest
        {
            Name = "typos",
            Severity = s + 1,
            Description = string.Create(CultureInfo.InvariantCulture, $"a typing mistake in {100 * share:0} % of the words of {ShortestWord} letters and more"),
            Examples =
                [.. test.Select((example, i) =>
                    example with { Source = Mistype(example.Source, share, Seeds.Mix(Seed, "typos", i, s)), Hash = $"{example.Hash}/typos-{s + 1}" })],
        }),
    ];

    /// <summary>Swaps, drops or doubles a letter of some words, after Belinkov and Bisk 2018 (arXiv:1711.02173); white space and order stay.</summary>
    internal static string Mistype(string text, double share, int seed)
    {
        Random random = new(seed);
        StringBuilder result = new(text.Length + 8);
        int at = 0;
        while (at < text.Length)
        {
            int end = at;
            while (end < text.Length && char.IsLetter(text[end]))
            {
                end++;
            }

            if (end == at)
            {
                result.Append(text[at++]);
                continue;
            }

            string word = text[at..end];
            result.Append(word.Length >= ShortestWord && random.NextDouble() < share ? Damage(word, random) : word);
            at = end;
        }

        return result.ToString();
    }

    private static string Damage(string word, Random random)
    {
        int i = random.Next(1, word.Length);
        return random.Next(3) switch
        {
            0 => $"{word[..(i - 1)]}{word[i]}{word[i - 1]}{word[(i + 1)..]}",
            1 => word.Remove(i, 1),
            _ => word.Insert(i, word[i].ToString()),
        };
    }
}
