using TransferLab.Training;

namespace TransferLab.Lessons;

/// <summary>The exercises of lesson 2, what a backbone knows.</summary>
public static class Lesson2
{
    /// <summary>The cosine of the angle between two rows: 1 for the same direction, 0 for nothing in common.</summary>
    public static double Cosine(float[] a, float[] b)
    {
        (double product, double first, double second) = (0, 0, 0);
        for (int i = 0; i < a.Length; i++)
        {
            product += a[i] * b[i];
            first += a[i] * a[i];
            second += b[i] * b[i];
        }

        return product / Math.Sqrt(Math.Max(1e-30, first * second));
    }

    /// <summary>A cosine of one's own.</summary>
    public static Exercise<Func<float[], float[], double>> CosineOf() => new()
    {
        Id = "2.1",
        Hint = "The sum of all a[i] * b[i], divided by the length of a and by the length of b; a length is the square root of the sum of squares.",
        Solution = "cosine = (a, b) => a.Zip(b, (x, y) => (double)x * y).Sum() / Math.Sqrt(a.Sum(x => (double)x * x) * b.Sum(y => (double)y * y));",
        Mistakes =
        [
            "cosine = (a, b) => a.Zip(b, (x, y) => (double)x * y).Sum();",
            "cosine = (a, b) => Math.Sqrt(a.Zip(b, (x, y) => (double)(x - y) * (x - y)).Sum());",
            "cosine = (a, b) => a.Zip(b, (x, y) => (double)x * y).Sum() / a.Sum(x => (double)x * x);",
        ],
        Takeaway = "It looks at the direction alone: a brighter picture may have longer features, but hardly others.",
        Fault = cosine => Math.Abs(cosine([3, 4], [6, 8]) - 1) > 1e-6 ? "rows of the same direction, such as (3, 4) and (6, 8), have a cosine of 1."
            : Math.Abs(cosine([1, 0], [0, 5])) > 1e-6 ? "rows with nothing in common, such as (1, 0) and (0, 5), have a cosine of 0."
            : Math.Abs(cosine([1, 2], [-2, -4]) + 1) > 1e-6 ? "opposite rows have a cosine of -1."
            : Math.Abs(cosine([1, 1], [1, 0]) - Math.Sqrt(0.5)) > 1e-6 ? "(1, 1) and (1, 0) have a cosine of 0.707."
            : null,
    };

    /// <summary>A classifier that trains nothing: the label of the nearest training row.</summary>
    /// <param name="train">The rows to look among.</param>
    /// <param name="test">Rows to try it on.</param>
    public static Exercise<Func<float[], int>> Nearest(LabeledFeatures train, LabeledFeatures test) => new()
    {
        Id = "2.2",
        Hint = "Among the indices 0 to train.Rows.Count - 1 find the one whose row has the largest Lesson2.Cosine with the given row (MaxBy); the answer is "
            + "its label in train.Labels.",
        Solution = "nearest = row => train.Labels[Enumerable.Range(0, train.Rows.Count).MaxBy(i => Lesson2.Cosine(row, train.Rows[i]))];",
        Mistakes =
        [
            "nearest = row => train.Labels[Enumerable.Range(0, train.Rows.Count).MinBy(i => Lesson2.Cosine(row, train.Rows[i]))];",
            "nearest = row => Enumerable.Range(0, train.Rows.Count).MaxBy(i => Lesson2.Cosine(row, train.Rows[i]));",
            "nearest = row => train.Labels[0];",
        ],
        Takeaway = "No training at all, and it works as far as the features are good: that is why it is an honest look at a backbone.",
        Fault = nearest => test.Rows.Take(50).All(row => nearest(row) == NearestLabel(train, row)) ? null
            : test.Rows.Take(50).Any(row => nearest(row) >= train.Labels.Max() + 1) ? "that is an index, not a label: look it up in train.Labels."
            : "for some test rows that is not the label of the most similar training row.",
    };

    /// <summary>The depth at which features tell the classes apart best.</summary>
    /// <param name="depths">Layer groups that ran.</param>
    /// <param name="accuracies">Accuracy at each depth.</param>
    public static Exercise<int> BestDepth(IReadOnlyList<int> depths, IReadOnlyList<double> accuracies)
    {
        int[] right = [.. depths.Where((_, i) => accuracies[i] == accuracies.Max())];
        return new()
        {
            Id = "2.3",
            Hint = "Find the index of the largest of byDepth (Array.IndexOf(byDepth, byDepth.Max())), and look the depth up in depths.",
            Solution = "best = depths[Array.IndexOf(byDepth, byDepth.Max())];",
            Mistakes = ["best = Array.IndexOf(byDepth, byDepth.Max());", "best = depths[^1] + 1;"],
            Takeaway = "Which depth is best depends on how far your pictures are from the ones of pretraining.",
            Fault = answer => right.Contains(answer)
                ? null
                : depths.Contains(answer)
                ? "another depth has a higher accuracy."
                : "answer with a depth, one of the numbers in depths, not with an index.",
        };
    }

    /// <summary>The label of the training row that is most like a row.</summary>
    public static int NearestLabel(LabeledFeatures train, float[] row) =>
        train.Labels[Enumerable.Range(0, train.Rows.Count).MaxBy(i => Cosine(row, train.Rows[i]))];
}
