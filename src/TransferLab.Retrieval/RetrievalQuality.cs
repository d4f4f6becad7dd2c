using TransferLab.Data;

namespace TransferLab.Retrieval;

/// <summary>How well a retriever finds what answers questions.</summary>
/// <param name="Questions">Questions that were asked.</param>
/// <param name="Recall">By k: the mean share of a question's right passages among the first k.</param>
/// <param name="MeanReciprocalRank">Mean of 1 / (rank of the first right passage), 0 where none is among the first 100.</param>
public sealed record RetrievalQuality(int Questions, IReadOnlyDictionary<int, double> Recall, double MeanReciprocalRank)
{
    private const int Depth = 100;

    /// <summary>Asks all questions.</summary>
    /// <param name="retriever">What is measured.</param>
    /// <param name="questions">Questions with the ids of the passages that answer them, one or more.</param>
    /// <param name="ks">How many passages are looked at, each 1 to 100.</param>
    /// <exception cref="ArgumentException">There is no question, or one without a right passage.</exception>
    public static RetrievalQuality Of(
        IPassageRetriever retriever, IReadOnlyList<(string Question, IReadOnlyCollection<string> Right)> questions, params int[] ks)
    {
        if (questions.Count == 0 || questions.Any(question => question.Right.Count == 0))
        {
            throw new ArgumentException("Every question needs the id of a right passage, and there must be one question at least.", nameof(questions));
        }

        foreach (int k in ks)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(k, 1, nameof(ks));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(k, Depth, nameof(ks));
        }

        double[] recall = new double[ks.Length];
        double reciprocal = 0;
        foreach ((string question, IReadOnlyCollection<string> right) in questions)
        {
            string[] found = [.. retriever.Retrieve(question, Depth).Select(passage => passage.Passage.Id)];
            int first = Array.FindIndex(found, right.Contains);
            reciprocal += first < 0 ? 0 : 1.0 / (first + 1);
            for (int i = 0; i < ks.Length; i++)
            {
                recall[i] += (double)found.Take(ks[i]).Count(right.Contains) / right.Count;
            }
        }

        return new(questions.Count, ks.Zip(recall).ToDictionary(pair => pair.First, pair => pair.Second / questions.Count), reciprocal / questions.Count);
    }
}
