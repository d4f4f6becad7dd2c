namespace TransferLab.Data;

/// <summary>Finds the questions that are most like another by their words (cosine; a word weighs the logarithm of how rare it is). Immutable, and safe to use
/// from several threads.</summary>
internal sealed class NearestQuestions
{
    private readonly Dictionary<string, double> _weights;
    private readonly Dictionary<string, List<(int Item, double Weight)>> _postings = [];
    private readonly int _count;

    public NearestQuestions(IReadOnlyList<string> texts)
    {
        List<string>[] words = [.. texts.Select(Words.Of)];
        _count = texts.Count;
        _weights = words.SelectMany(list => list.Distinct()).GroupBy(word => word)
            .ToDictionary(group => group.Key, group => Math.Log(1 + ((double)texts.Count / group.Count())));
        for (int i = 0; i < words.Length; i++)
        {
            foreach ((string word, double weight) in Vector(words[i]))
            {
                (_postings.TryGetValue(word, out List<(int, double)>? list) ? list : _postings[word] = []).Add((i, weight));
            }
        }
    }

    /// <summary>The nearest, the most alike first; of equals the earlier. Questions that share no word with it come last, in their order.</summary>
    public IReadOnlyList<(int Item, double Cosine)> Find(string text, int count)
    {
        double[] scores = new double[_count];
        foreach ((string word, double weight) in Vector(Words.Of(text)))
        {
            foreach ((int item, double other) in _postings.GetValueOrDefault(word) ?? [])
            {
                scores[item] += weight * other;
            }
        }

        return [.. Enumerable.Range(0, _count).OrderByDescending(i => scores[i]).ThenBy(i => i).Take(count).Select(i => (i, scores[i]))];
    }

    private IEnumerable<(string Word, double Weight)> Vector(List<string> words)
    {
        (string Word, double Weight)[] all =
            [.. words.GroupBy(word => word).Select(group => (group.Key, group.Count() * _weights.GetValueOrDefault(group.Key)))];
        double length = Math.Sqrt(all.Sum(pair => pair.Weight * pair.Weight));
        return length == 0 ? [] : all.Where(pair => pair.Weight > 0).Select(pair => (pair.Word, pair.Weight / length));
    }
}
