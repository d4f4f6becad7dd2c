using System.Numerics;

namespace TransferLab.Data;

/// <summary>
/// Texts that are nearly alike: at least <see cref="Threshold"/> of their runs of three words in common (Jaccard). Candidates come from MinHash signatures in
/// bands (Broder 1997), and are compared exactly, so that what is reported is true; what it costs is bounded, so that of a great many near-duplicates some may
/// be missed.
/// </summary>
internal sealed class NearDuplicates
{
    /// <summary>From this share of common runs on, two texts count as nearly alike.</summary>
    public const double Threshold = 0.7;

    private const int Run = 3, Bands = 16, RowsOfABand = 4, MostInABucket = 16;

    private readonly Dictionary<(int Band, ulong Hash), List<int>> _buckets = [];
    private readonly List<ulong[]> _texts = [];

    /// <summary>Adds a text and finds one before it that is nearly alike.</summary>
    /// <returns>The index of the earlier text that is most alike, or null.</returns>
    public int? Add(string text) => Add(text, keep: true);

    /// <summary>Finds the text that is most alike, without adding.</summary>
    public int? Find(string text) => Add(text, keep: false);

    private int? Add(string text, bool keep)
    {
        ulong[] runs = Runs(text);
        int index = _texts.Count;
        if (keep)
        {
            _texts.Add(runs);
        }

        if (runs.Length == 0)
        {
            return null;
        }

        (int? best, double most) = (null, Threshold);
        HashSet<int> compared = [];
        foreach ((int, ulong) key in Keys(runs))
        {
            if (!_buckets.TryGetValue(key, out List<int>? bucket))
            {
                bucket = [];
                if (keep)
                {
                    _buckets[key] = bucket;
                }
            }

            foreach (int other in bucket.Where(compared.Add))
            {
                double alike = Jaccard(runs, _texts[other]);
                if (alike > most || (alike == most && best is null))
                {
                    (best, most) = (other, alike);
                }
            }

            if (keep && bucket.Count < MostInABucket)
            {
                bucket.Add(index);
            }
        }

        return best;
    }

    /// <summary>The hashes of the runs of three words, sorted, each once; of shorter texts, the whole.</summary>
    private static ulong[] Runs(string text)
    {
        ulong[] words = [.. Words.Of(text).Select(Hash)];
        if (words.Length is > 0 and < Run)
        {
            return [words.Aggregate(0UL, (hash, word) => Mix(hash ^ word))];
        }

        ulong[] runs = new ulong[Math.Max(0, words.Length - Run + 1)];
        for (int i = 0; i < runs.Length; i++)
        {
            runs[i] = Mix(Mix(Mix(words[i]) ^ words[i + 1]) ^ words[i + 2]);
        }

        Array.Sort(runs);
        return [.. runs.Distinct()];
    }

    private static IEnumerable<(int, ulong)> Keys(ulong[] runs)
    {
        for (int band = 0; band < Bands; band++)
        {
            ulong key = 0;
            for (int row = 0; row < RowsOfABand; row++)
            {
                key = Mix(key ^ Smallest(runs, (ulong)((band * RowsOfABand) + row + 1)));
            }

            yield return (band, key);
        }
    }

    private static ulong Smallest(ulong[] runs, ulong seed)
    {
        ulong smallest = ulong.MaxValue, salt = Mix(seed * 0x9E3779B97F4A7C15);
        foreach (ulong run in runs)
        {
            smallest = Math.Min(smallest, (run ^ salt) * 0xD6E8FEB86659FD93);
        }

        return smallest;
    }

    private static double Jaccard(ulong[] left, ulong[] right)
    {
        int i = 0, j = 0, common = 0;
        while (i < left.Length && j < right.Length)
        {
            int order = left[i].CompareTo(right[j]);
            common += order == 0 ? 1 : 0;
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }

        return (double)common / (left.Length + right.Length - common);
    }

    // FNV-1a, and the finisher of MurmurHash3: the same on every machine and in every run.
    private static ulong Hash(string word)
    {
        ulong hash = 14695981039346656037;
        foreach (char c in word)
        {
            hash = (hash ^ c) * 1099511628211;
        }

        return Mix(hash);
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 33)) * 0xFF51AFD7ED558CCD;
        value = (value ^ (value >> 33)) * 0xC4CEB9FE1A85EC53;
        return BitOperations.RotateLeft(value ^ (value >> 33), 7);
    }
}
