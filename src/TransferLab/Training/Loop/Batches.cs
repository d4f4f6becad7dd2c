using TransferLab.Data;
using TransferLab.Networks;

namespace TransferLab.Training;

/// <summary>Cuts examples into batches of like lengths, so that little of a batch is padding. Where all have one length the order stays.</summary>
internal static class Batches
{
    /// <summary>How many batches are sorted together in training: enough for like lengths, few enough to keep batches random.</summary>
    private const int Pool = 32;

    /// <summary>Batches for evaluation: the order of examples does not matter there.</summary>
    public static IEnumerable<Example[]> Plain(IEnumerable<Example> examples, int size, InputEncoder encoder) =>
        examples.OrderByDescending(encoder.LengthOf).Chunk(size);

    /// <summary>Batches for an epoch of training.</summary>
    /// <param name="shuffled">Examples in random order.</param>
    /// <param name="size">Examples a batch.</param>
    /// <param name="encoder">Knows their lengths.</param>
    /// <param name="random">Shuffles the batches, where sorting has ordered them.</param>
    public static Example[][] Shuffled(Example[] shuffled, int size, InputEncoder encoder, Random random)
    {
        int[] lengths = [.. shuffled.Select(encoder.LengthOf)];
        if (lengths.Length == 0 || lengths.All(length => length == lengths[0]))
        {
            return [.. shuffled.Chunk(size)];
        }

        Example[][] batches =
            [.. shuffled.Zip(lengths).Chunk(Pool * size).SelectMany(pool => pool.OrderBy(pair => pair.Second).Select(pair => pair.First).Chunk(size))];
        random.Shuffle(batches);
        return batches;
    }

    /// <summary>
    /// Exchanges the first batch and that with the longest example: what a step needs at most is then known after one, and the heap has room for the others.
    /// Sampling by length does the same in Hugging Face's Trainer.
    /// </summary>
    public static void PutLongestFirst(IReadOnlyList<Example>[] batches, InputEncoder encoder)
    {
        if (batches.Length > 0)
        {
            int longest = Enumerable.Range(0, batches.Length).MaxBy(i => batches[i].Max(encoder.LengthOf));
            (batches[0], batches[longest]) = (batches[longest], batches[0]);
        }
    }

    /// <summary>Cuts a batch into parts of at most so many positions, padding included; an example that is longer alone is a part of its own.</summary>
    public static IEnumerable<IReadOnlyList<Example>> Within(IReadOnlyList<Example> batch, int most, InputEncoder encoder)
    {
        List<Example> part = [];
        int longest = 0;
        foreach (Example example in batch)
        {
            int length = encoder.LengthOf(example);
            if (part.Count > 0 && (long)Math.Max(longest, length) * (part.Count + 1) > most)
            {
                yield return part;
                (part, longest) = ([], 0);
            }

            part.Add(example);
            longest = Math.Max(longest, length);
        }

        if (part.Count > 0)
        {
            yield return part;
        }
    }
}
