using System.Text;
using System.Text.RegularExpressions;

namespace TransferLab.Networks;

/// <summary>
/// Learns a byte-level vocabulary from texts (Sennrich et al. 2016, arXiv:1508.07909; on bytes as GPT-2): the pair of neighbours that is most frequent within
/// words becomes a token, again and again. Each digit stays apart. The same texts give the same vocabulary.
/// </summary>
internal static partial class BytePairTraining
{
    /// <summary>Learns.</summary>
    /// <param name="texts">What it learns from.</param>
    /// <param name="size">Tokens, marks and the 256 bytes included.</param>
    /// <param name="marks">Tokens that are no text; they have the first ids.</param>
    /// <returns>The content of a <c>tokenizer.json</c>.</returns>
    public static byte[] Train(IEnumerable<string> texts, int size, IReadOnlyList<string> marks)
    {
        char[] letters = Letters();
        Dictionary<string, int> vocabulary = new(StringComparer.Ordinal);
        foreach (string token in marks.Concat(letters.Select(letter => letter.ToString()).Order(StringComparer.Ordinal)))
        {
            vocabulary.Add(token, vocabulary.Count);
        }

        (List<string> Parts, int Count)[] words = [.. Words(texts, letters)
            .OrderByDescending(word => word.Value).ThenBy(word => word.Key, StringComparer.Ordinal)
            .Select(word => (word.Key.Select(letter => letter.ToString()).ToList(), word.Value))];
        List<(string Left, string Right)> merges = [];
        while (vocabulary.Count < size && MostFrequent(words) is { } pair)
        {
            merges.Add(pair);
            vocabulary.TryAdd(pair.Left + pair.Right, vocabulary.Count);
            foreach ((List<string> parts, _) in words)
            {
                Merge(parts, pair);
            }
        }

        return new ByteLevelBpe
        {
            Vocabulary = vocabulary,
            Merges = merges,
            PreTokenizer = PreTokenizers.Digits,
            Added = [.. marks.Select((mark, id) => new AddedToken(id, mark) { InModel = true })],
        }.ToJson();
    }

    private static (string Left, string Right)? MostFrequent((List<string> Parts, int Count)[] words)
    {
        Dictionary<(string Left, string Right), long> pairs = [];
        foreach ((List<string> parts, int count) in words)
        {
            for (int i = 1; i < parts.Count; i++)
            {
                (string, string) pair = (parts[i - 1], parts[i]);
                pairs[pair] = pairs.GetValueOrDefault(pair) + count;
            }
        }

        return pairs.Where(pair => pair.Value > 1).OrderByDescending(pair => pair.Value)
            .ThenBy(pair => pair.Key.Left, StringComparer.Ordinal).ThenBy(pair => pair.Key.Right, StringComparer.Ordinal)
            .Select(pair => ((string, string)?)pair.Key).FirstOrDefault();
    }

    private static void Merge(List<string> parts, (string Left, string Right) pair)
    {
        for (int i = 1; i < parts.Count; i++)
        {
            if (parts[i - 1] == pair.Left && parts[i] == pair.Right)
            {
                parts[i - 1] += parts[i];
                parts.RemoveAt(i);
            }
        }
    }

    private static Dictionary<string, int> Words(IEnumerable<string> texts, char[] letters)
    {
        Dictionary<string, int> words = new(StringComparer.Ordinal);
        foreach (Match match in texts.SelectMany(text => Pieces().Matches(text)))
        {
            string word = string.Concat(Encoding.UTF8.GetBytes(match.Value).Select(value => letters[value]));
            words[word] = words.GetValueOrDefault(word) + 1;
        }

        return words;
    }

    /// <summary>A visible character for each byte, as GPT-2 has them: what can be seen stands for itself, the others follow from 256 on.</summary>
    private static char[] Letters()
    {
        char next = (char)256;
        return [.. Enumerable.Range(0, 256).Select(value => value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF)
            ? (char)value
            : next++)];
    }

    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")]
    private static partial Regex Pieces();
}
