using System.Globalization;
using System.Numerics;
using System.Text.Json;
using TransferLab.Models.Onnx;
using TransferLab.Networks.Weights;
using static TorchSharp.torch;

namespace TransferLab.Models;

/// <summary>Labeled directions in feature space; the nearest of them vote.</summary>
internal sealed class NeighbourIndex
{
    private const double Temperature = 0.07;
    private const string Directions = "index.directions", Labels = "index.labels";
    private const string NamesKey = "transferlab.index.names", NeighboursKey = "transferlab.index.neighbours";
    /// <summary>Names of its tensors in a model file.</summary>
    public static readonly string[] Tensors = [Directions, Labels];
    private static readonly int[] s_candidates = [1, 3, 5, 10, 20, 50];
    private readonly List<string> _names = [];
    private readonly Dictionary<string, int> _places = [];
    private readonly List<int> _labels = [];
    private readonly List<float[]> _directions = []; // Of length 1.

    /// <summary>How many vote.</summary>
    public int Neighbours { get; set; } = 1;

    public int Count => _names.Count;

    public IReadOnlyList<string> Names => _names;

    /// <summary>Adds an example, or replaces the one of its name.</summary>
    public void Add(string name, int label, float[] features)
    {
        if (_places.TryGetValue(name, out int at))
        {
            (_labels[at], _directions[at]) = (label, Normalize(features));
            return;
        }

        _places.Add(name, Count);
        _names.Add(name);
        _labels.Add(label);
        _directions.Add(Normalize(features));
    }

    public int Remove(IEnumerable<string> names)
    {
        HashSet<string> gone = [.. names];
        int[] kept = [.. Enumerable.Range(0, Count).Where(i => !gone.Contains(_names[i]))];
        int removed = Count - kept.Length;
        if (kept.Length == 0)
        {
            throw new InvalidOperationException("An index without examples can answer nothing; leave at least one in it.");
        }

        Fill([.. kept.Select(i => _names[i])], [.. kept.Select(i => _labels[i])], [.. kept.Select(i => _directions[i])]);
        return removed;
    }

    /// <summary>[classes] shares of the vote, which sum to 1.</summary>
    public float[] Vote(float[] features, int classes)
    {
        float[] direction = Normalize(features);
        float[] cosines = [.. _directions.Select(known => Cosine(known, direction))];
        return Vote(cosines, Nearest(cosines, Neighbours, except: -1), classes);
    }

    /// <summary>The index as the end of an ONNX graph.</summary>
    public OnnxHead ToOnnx(int classes) =>
        OnnxHead.Neighbours(_directions, _labels, classes, Math.Min(Neighbours, Count), Temperature, row => Vote(row, classes));

    /// <summary>Judges every example by the others, and takes the number of neighbours that gets most of them right, the smallest where several do.</summary>
    /// <returns>That share of right ones, or null where there are too few examples to choose.</returns>
    public double? ChooseNeighbours(int classes, CancellationToken cancellation)
    {
        int[] candidates = [.. s_candidates.Where(k => k < Count)];
        int[] right = new int[candidates.Length];
        Parallel.For(0, candidates.Length == 0 ? 0 : Count, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            float[] cosines = [.. _directions.Select(known => Cosine(known, _directions[i]))];
            int[] nearest = Nearest(cosines, candidates[^1], except: i);
            for (int c = 0; c < candidates.Length; c++)
            {
                float[] votes = Vote(cosines, nearest.AsSpan(0, candidates[c]), classes);
                if (Array.IndexOf(votes, votes.Max()) == _labels[i])
                {
                    Interlocked.Increment(ref right[c]);
                }
            }
        });
        int best = Array.IndexOf(right, right.DefaultIfEmpty().Max());
        Neighbours = best < 0 ? 1 : candidates[best];
        return best < 0 ? null : (double)right[best] / Count;
    }

    /// <summary>The tensors of the index, for a model file and its metadata. They belong to the present dispose scope.</summary>
    public IReadOnlyList<(string, Tensor)> AddTo(IDictionary<string, string> metadata)
    {
        metadata[NamesKey] = JsonSerializer.Serialize(_names);
        metadata[NeighboursKey] = Neighbours.ToString(CultureInfo.InvariantCulture);
        return [(Directions, tensor(_directions.SelectMany(row => row).ToArray(), [Count, _directions[0].Length])), (Labels, tensor(_labels.ToArray()))];
    }

    /// <summary>Reads what <see cref="AddTo"/> gave.</summary>
    /// <exception cref="WeightsException">The file does not hold an index of that many classes and that width.</exception>
    public static NeighbourIndex Read(SafetensorsFile file, int classes, int width)
    {
        try
        {
            string[] names = JsonSerializer.Deserialize<string[]>(file.Metadata[NamesKey])!;
            using Tensor stored = file.Read(Labels);
            int[] labels = stored.data<int>().ToArray();
            float[] directions = file.ReadFloats(Directions);
            int neighbours = int.Parse(file.Metadata[NeighboursKey], NumberStyles.None, CultureInfo.InvariantCulture);
            if (neighbours == 0 || names.Length == 0 || names.Contains(null) || names.Distinct().Count() != names.Length || labels.Length != names.Length
                || directions.Length != (long)names.Length * width || labels.Any(label => label < 0 || label >= classes) || !directions.All(float.IsFinite))
            {
                throw new WeightsException($"{file.Path}: the index of labelled examples is damaged.");
            }

            NeighbourIndex index = new() { Neighbours = neighbours };
            index.Fill(names, labels, [.. directions.Chunk(width)]);
            return index;
        }
        catch (Exception e) when (e is KeyNotFoundException or JsonException or FormatException or OverflowException or InvalidOperationException
            or ArgumentException)
        {
            throw new WeightsException($"{file.Path}: the index of labelled examples is damaged ({e.Message}).", e);
        }
    }

    private void Fill(string[] names, int[] labels, float[][] directions)
    {
        _names.Clear();
        _labels.Clear();
        _directions.Clear();
        _places.Clear();
        _names.AddRange(names);
        _labels.AddRange(labels);
        _directions.AddRange(directions);
        for (int i = 0; i < names.Length; i++)
        {
            _places.Add(names[i], i);
        }
    }

    /// <summary>The nearest first. Ties go to the example that came first, so that the answer does not depend on how a sort treats them.</summary>
    private static int[] Nearest(float[] cosines, int count, int except) =>
        [.. Enumerable.Range(0, cosines.Length).Where(i => i != except).OrderByDescending(i => cosines[i]).Take(count)];

    private float[] Vote(float[] cosines, ReadOnlySpan<int> nearest, int classes)
    {
        double[] votes = new double[classes];
        foreach (int i in nearest)
        {
            votes[_labels[i]] += Math.Exp((cosines[i] - 1) / Temperature);
        }

        double sum = votes.Sum();
        return Array.ConvertAll(votes, vote => (float)(vote / sum));
    }

    private static float[] Normalize(float[] features)
    {
        double length = Math.Sqrt(features.Sum(value => (double)value * value));
        return Array.ConvertAll(features, value => length > 0 ? (float)(value / length) : 0);
    }

    private static float Cosine(float[] a, float[] b)
    {
        Vector<float> sum = Vector<float>.Zero;
        int i = 0;
        for (; i <= a.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            sum += new Vector<float>(a, i) * new Vector<float>(b, i);
        }

        float total = Vector.Sum(sum);
        for (; i < a.Length; i++)
        {
            total += a[i] * b[i];
        }

        return total;
    }
}
