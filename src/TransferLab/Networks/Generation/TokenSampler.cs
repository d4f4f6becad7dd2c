namespace TransferLab.Networks;

/// <summary>Draws the next token of one text from its logits.</summary>
internal sealed class TokenSampler(GenerationOptions options, int row)
{
    private readonly Random _random = new(Runtime.Seeds.Mix(options.Seed, "tokens", row));

    /// <summary>An id.</summary>
    /// <param name="logits">One for every id of the vocabulary.</param>
    public long Draw(ReadOnlySpan<float> logits)
    {
        if (options.Temperature == 0)
        {
            return Largest(logits);
        }

        int[] ids = new int[logits.Length];
        double[] weights = new double[logits.Length];
        double top = logits[Largest(logits)];
        for (int i = 0; i < ids.Length; i++)
        {
            (ids[i], weights[i]) = (i, Math.Exp((logits[i] - top) / options.Temperature));
        }

        int count = ids.Length;
        if (options.TopK > 0 || options.TopP < 1)
        {
            Array.Sort(weights, ids, Comparer<double>.Create((a, b) => b.CompareTo(a)));
            count = Kept(weights);
        }

        double total = weights.AsSpan(0, count).ToArray().Sum(), left = _random.NextDouble() * total;
        for (int i = 0; i < count; i++)
        {
            left -= weights[i];
            if (left <= 0)
            {
                return ids[i];
            }
        }

        return ids[count - 1];
    }

    /// <summary>The most likely id; the smallest of those that are equally likely.</summary>
    public static int Largest(ReadOnlySpan<float> logits)
    {
        int best = 0;
        for (int i = 1; i < logits.Length; i++)
        {
            best = logits[i] > logits[best] ? i : best;
        }

        return best;
    }

    /// <summary>How many of the weights, the largest first, are drawn from.</summary>
    private int Kept(double[] weights)
    {
        int most = options.TopK > 0 ? Math.Min(options.TopK, weights.Length) : weights.Length;
        double enough = options.TopP * weights.Sum(), sum = 0;
        for (int i = 0; i < most; i++)
        {
            sum += weights[i];
            if (sum >= enough)
            {
                return i + 1;
            }
        }

        return most;
    }
}
