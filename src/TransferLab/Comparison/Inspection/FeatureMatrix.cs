using TorchSharp;
using TransferLab.Runtime;
using static TorchSharp.torch;

namespace TransferLab.Comparison.Inspection;

/// <summary>What two matrices of features of the same examples have in common, and how they look from above.</summary>
internal static class FeatureMatrix
{
    private const int Iterations = 100;
    private static readonly Scalar s_tiny = 1e-12; // Kept: a temporary one may be freed during the call.

    /// <summary>
    /// Linear centred kernel alignment (Kornblith et al. 2019, arXiv:1905.00414): |X'Y|^2 / (|X'X| |Y'Y|) of centred features, 1 where they are the same but
    /// for rotation and scale.
    /// </summary>
    /// <param name="first">[N][any width].</param>
    /// <param name="second">[N][any width].</param>
    public static double Cka(IReadOnlyList<float[]> first, IReadOnlyList<float[]> second)
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor x = Centred(first), y = Centred(second);
        double shared = Squares(x.t().mm(y)), own = Math.Sqrt(Squares(x.t().mm(x)) * Squares(y.t().mm(y)));
        return own > 0 ? Math.Min(1, shared / own) : 1;
    }

    /// <summary>Mean share of an example's nearest neighbours by cosine that it has in both.</summary>
    public static double SharedNeighbours(IReadOnlyList<float[]> first, IReadOnlyList<float[]> second, int neighbours = 10)
    {
        int k = Math.Min(neighbours, first.Count - 1);
        long[] a = Nearest(first, k), b = Nearest(second, k);
        return Enumerable.Range(0, first.Count).Average(i => a.AsSpan(i * k, k).ToArray().Intersect(b.AsSpan(i * k, k).ToArray()).Count() / (double)k);
    }

    /// <summary>[N x k] indices of each example's nearest others by cosine, the nearest first.</summary>
    public static long[] Nearest(IReadOnlyList<float[]> rows, int k)
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor x = Of(rows), directions = x / x.norm(dim: 1, keepdim: true).clamp_min(s_tiny);
        Tensor self = diag(tensor(Enumerable.Repeat(4.0, rows.Count).ToArray()).clone());
        Tensor cosines = directions.mm(directions.t()).Minus(self);                       // (N, N), where none is its own neighbour
        return cosines.topk(k, dim: 1).indexes.contiguous().data<long>().ToArray();
    }

    /// <summary>The first two principal components: for each example where it lies, and the shares of the variance that they explain.</summary>
    public static (IReadOnlyList<(double X, double Y)> Points, double First, double Second) Plane(IReadOnlyList<float[]> rows)
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor x = Centred(rows);
        double all = Squares(x);
        (double[] first, double one, Tensor rest) = Component(x);
        (double[] second, double two, _) = Component(rest);
        return ([.. first.Zip(second)], all > 0 ? one / all : 0, all > 0 ? two / all : 0);
    }

    /// <summary>The direction of most variance, by power iteration: scores of the examples, their sum of squares, and the features without it.</summary>
    private static (double[] Scores, double Squares, Tensor Left) Component(Tensor x)
    {
        Tensor direction = x.abs().sum(new long[] { 0 }).unsqueeze(1);                     // (D, 1); no random start: the same plot each time
        for (int i = 0; i < Iterations; i++)
        {
            direction = x.t().mm(x.mm(direction));
            direction = direction / direction.norm().clamp_min(s_tiny);
        }

        Tensor scores = x.mm(direction);                                                   // (N, 1)
        return (scores.contiguous().data<double>().ToArray(), Squares(scores), x.Minus(scores.mm(direction.t())));
    }

    private static Tensor Centred(IReadOnlyList<float[]> rows)
    {
        Tensor x = Of(rows);
        return x.Minus(x.mean([0]));
    }

    private static Tensor Of(IReadOnlyList<float[]> rows) =>
        tensor(rows.SelectMany(row => row).Select(value => (double)value).ToArray(), [rows.Count, rows[0].Length]).clone();

    private static double Squares(Tensor x) => (x * x).sum().item<double>();
}
