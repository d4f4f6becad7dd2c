namespace TransferLab.Data;

/// <summary>
/// Groups questions by their words: vectors of 1 (a word of every question) to 2 (a word of one), each question in the group of the head that it is most like
/// (cosine of at least <see cref="Alike"/>), or head of one of its own. Weights as mild as these keep questions together that differ in a name; numbers count
/// as one word, so that sums of any figures are one kind of question.
/// </summary>
internal sealed class QuestionClusters
{
    /// <summary>From this cosine on, a question belongs to a group.</summary>
    public const double Alike = 0.5;

    /// <summary>A question below this cosine to every other is far from all.</summary>
    public const double Far = 0.2;

    /// <summary>Questions that are grouped at most, spread evenly over the file.</summary>
    public const int Most = 20_000;

    private const int MostPostings = 2_000; // Questions of a word that are compared.

    private readonly Dictionary<string, double> _weights;
    private readonly List<string> _heads = [];
    private readonly List<int> _sizes = [];

    public QuestionClusters(IReadOnlyList<string> questions)
    {
        int step = Math.Max(1, (questions.Count + Most - 1) / Most);
        string[] taken = [.. questions.Where((_, i) => i % step == 0)];
        List<string>[] words = [.. taken.Select(WordsOf)];
        Dictionary<string, int> documents = [];
        foreach (string word in words.SelectMany(list => list.Distinct()))
        {
            documents[word] = documents.GetValueOrDefault(word) + 1;
        }

        _weights = documents.ToDictionary(pair => pair.Key, pair => 1 + (Math.Log((double)taken.Length / pair.Value) / Math.Log(Math.Max(2, taken.Length))));
        Index heads = new();
        Postings = new Index();
        for (int i = 0; i < taken.Length; i++)
        {
            Dictionary<string, double> vector = Vector(words[i]);
            (int cluster, double cosine) = heads.Nearest(vector);
            if (cosine < Alike)
            {
                cluster = heads.Add(vector);
                _heads.Add(taken[i]);
                _sizes.Add(0);
            }

            _sizes[cluster]++;
            Postings.Add(vector);
        }

        Count = taken.Length;
    }

    /// <summary>Questions that were grouped.</summary>
    public int Count { get; }

    /// <summary>The groups, the largest first: how many questions, and the first of them.</summary>
    public IReadOnlyList<(int Size, string Head)> Groups => [.. _sizes.Zip(_heads).OrderByDescending(group => group.First)];

    private Index Postings { get; }

    /// <summary>The cosine of a question with the one it is most like; 0 where they have no word in common.</summary>
    public double Nearest(string question) => Postings.Nearest(Vector(WordsOf(question))).Cosine;

    private static List<string> WordsOf(string question) => [.. Words.Of(question).Select(word => word.All(char.IsDigit) ? "0" : word)];

    private Dictionary<string, double> Vector(List<string> words)
    {
        Dictionary<string, double> vector = words.GroupBy(word => word).ToDictionary(group => group.Key, group => _weights.GetValueOrDefault(group.Key, 2));
        double length = Math.Sqrt(vector.Values.Sum(value => value * value));
        return length == 0 ? [] : vector.ToDictionary(pair => pair.Key, pair => pair.Value / length);
    }

    /// <summary>Vectors by their words.</summary>
    private sealed class Index
    {
        private readonly Dictionary<string, List<(int Item, double Weight)>> _postings = [];
        private readonly Dictionary<int, double> _scores = [];
        private int _count;

        public int Add(Dictionary<string, double> vector)
        {
            foreach ((string word, double weight) in vector)
            {
                List<(int, double)> list = _postings.TryGetValue(word, out List<(int, double)>? found) ? found : _postings[word] = [];
                if (list.Count < MostPostings)
                {
                    list.Add((_count, weight));
                }
            }

            return _count++;
        }

        public (int Item, double Cosine) Nearest(Dictionary<string, double> vector)
        {
            _scores.Clear();
            foreach ((string word, double weight) in vector)
            {
                foreach ((int item, double other) in _postings.GetValueOrDefault(word) ?? [])
                {
                    _scores[item] = _scores.GetValueOrDefault(item) + (weight * other);
                }
            }

            (int best, double most) = (-1, 0);
            foreach ((int item, double score) in _scores)
            {
                if (score > most || (score == most && item < best))
                {
                    (best, most) = (item, score);
                }
            }

            return (best, most);
        }
    }
}
