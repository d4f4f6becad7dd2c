namespace TransferLab.Comparison;

/// <summary>How much two lists of words have in common.</summary>
internal static class Overlap
{
    /// <summary>Harmonic mean of precision and recall over bags of words; two empty ones are alike, an empty one and another are not (SQuAD 2.0).</summary>
    public static double F1(IReadOnlyList<string> given, IReadOnlyList<string> right)
    {
        if (given.Count == 0 || right.Count == 0)
        {
            return given.Count == right.Count ? 1 : 0;
        }

        Dictionary<string, int> left = [];
        foreach (string word in right)
        {
            left[word] = left.GetValueOrDefault(word) + 1;
        }

        int common = 0;
        foreach (string word in given)
        {
            if (left.GetValueOrDefault(word) > 0)
            {
                left[word]--;
                common++;
            }
        }

        return 2.0 * common / (given.Count + right.Count);
    }

    /// <summary>The same of their longest common subsequence.</summary>
    public static double RougeL(IReadOnlyList<string> given, IReadOnlyList<string> right)
    {
        if (given.Count == 0 || right.Count == 0)
        {
            return given.Count == right.Count ? 1 : 0;
        }

        int[] row = new int[right.Count + 1];
        foreach (string word in given)
        {
            int diagonal = 0;
            for (int j = 0; j < right.Count; j++)
            {
                int above = row[j + 1];
                row[j + 1] = word == right[j] ? diagonal + 1 : Math.Max(above, row[j]);
                diagonal = above;
            }
        }

        return 2.0 * row[^1] / (given.Count + right.Count);
    }
}
