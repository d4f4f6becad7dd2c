using TransferLab.Data;

namespace TransferLab.Training;

/// <summary>What examples weigh, and how often they are drawn, where every class is to count the same.</summary>
internal static class ClassWeights
{
    /// <summary>What a run's settings say where such weights are in the loss.</summary>
    public const string InLoss = "classes weigh the same in the loss";

    /// <summary>[classes] weights whose mean over the examples is 1; 1 for a class without examples.</summary>
    public static float[] Of(IReadOnlyList<Example> examples, int classes)
    {
        int[] counts = new int[classes];
        foreach (Example example in examples)
        {
            counts[example.Target.Stratum]++;
        }

        int present = counts.Count(count => count > 0);
        return Array.ConvertAll(counts, count => count == 0 ? 1 : (float)((double)examples.Count / (present * count)));
    }

    /// <summary>As many examples as there are, every class equally often but for one; all of a class come before one comes again.</summary>
    public static Example[] Draw(IReadOnlyList<Example> examples, Random random)
    {
        Example[][] classes = [.. examples.GroupBy(example => example.Target.Stratum).OrderBy(group => group.Key).Select(group => group.ToArray())];
        int[] next = new int[classes.Length];
        random.Shuffle(classes);
        Example[] drawn = new Example[examples.Count];
        for (int i = 0; i < drawn.Length; i++)
        {
            int of = i % classes.Length;
            int at = next[of]++ % classes[of].Length;
            if (at == 0)
            {
                random.Shuffle(classes[of]);
            }

            drawn[i] = classes[of][at];
        }

        random.Shuffle(drawn);
        return drawn;
    }
}
