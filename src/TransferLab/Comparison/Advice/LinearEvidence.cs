using TorchSharp;
using TransferLab.Runtime;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Comparison.Advice;

/// <summary>Scores of features that need no training: LogME and the H-score, both from one eigendecomposition.</summary>
internal static class LinearEvidence
{
    private const int Rounds = 50;
    private const double Tiny = 1e-5;

    /// <summary>LogME (You et al. 2021): the log evidence of one-hot labels under Bayesian linear regression, maximised over its two precisions by fixed-point
    /// iteration; mean over classes and examples.</summary>
    public static double LogMe(LabeledFeatures features, int classes)
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor x = Matrix(features);
        (Tensor values, Tensor vectors) = linalg.eigh(x.t().mm(x));                        // (D), (D, D)
        double[] sigma = Array.ConvertAll(values.data<double>().ToArray(), value => Math.Max(0, value));
        double total = 0;
        for (int k = 0; k < classes; k++)
        {
            double[] y = [.. features.Labels.Select(label => label == k ? 1.0 : 0)];
            double[] along = vectors.t().mm(x.t().mm(tensor(y, [y.Length, 1]).clone())).contiguous().data<double>().ToArray(); // V'X'y
            total += Evidence(sigma, along, y.Sum(), y.Length);
        }

        return total / classes;
    }

    /// <summary>H-score (Bao et al. 2019): trace of the inverse covariance of the features times the covariance of their class means. The covariance is shrunk
    /// (Ledoit and Wolf 2004), and the score by as much (Ibrahim et al. 2022, arXiv:2110.06893), or few examples would always score best.</summary>
    /// <returns>As a share of its largest value, classes - 1.</returns>
    public static double HScore(LabeledFeatures features, int classes)
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor x = Matrix(features);
        x = x.Minus(x.mean([0]));
        long n = x.shape[0], width = x.shape[1];
        Tensor covariance = x.t().mm(x) / tensor((double)n);
        double mean = covariance.trace().item<double>() / width, squares = Squares(covariance);
        double spread = squares - (width * mean * mean), noise = (Square(Square(x).sum(new long[] { 1 })).mean().item<double>() - squares) / n;
        double shrink = spread > 0 ? Math.Clamp(noise / spread, 0, 1) : 1;
        (Tensor values, Tensor vectors) = linalg.eigh(covariance);
        Tensor means = ClassMeans(x, features.Labels, classes);                            // (N, D)
        double[] between = Square(means.mm(vectors)).mean([0]).data<double>().ToArray(), lambda = values.data<double>().ToArray();
        double score = 0;
        for (int d = 0; d < between.Length; d++)
        {
            score += between[d] / Math.Max(1e-12, ((1 - shrink) * Math.Max(0, lambda[d])) + (shrink * mean));
        }

        return (1 - shrink) * score / Math.Max(1, classes - 1);
    }

    private static double Evidence(double[] sigma, double[] along, double yy, int n)
    {
        double[] x2 = [.. along.Select((value, d) => sigma[d] > 1e-10 ? value * value / sigma[d] : 0)];
        double rest = Math.Max(0, yy - x2.Sum()), alpha = 1, beta = 1, m2 = 0, residual = 0;
        for (int round = 0; round < Rounds; round++)
        {
            double t = alpha / beta, gamma = 0;
            (m2, residual) = (0, rest);
            for (int d = 0; d < sigma.Length; d++)
            {
                gamma += sigma[d] / (sigma[d] + t);
                m2 += sigma[d] * x2[d] / ((t + sigma[d]) * (t + sigma[d]));
                residual += x2[d] / ((1 + (sigma[d] / t)) * (1 + (sigma[d] / t)));
            }

            (alpha, beta) = (gamma / (m2 + Tiny), (n - gamma) / (residual + Tiny));
            if (Math.Abs((alpha / beta) - t) <= 1e-4 * t)
            {
                break;
            }
        }

        double evidence = (sigma.Length / 2.0 * Math.Log(alpha)) + (n / 2.0 * Math.Log(beta)) - (0.5 * sigma.Sum(s => Math.Log(alpha + (beta * s))))
            - (beta / 2 * residual) - (alpha / 2 * m2) - (n / 2.0 * Math.Log(2 * Math.PI));
        return evidence / n;
    }

    private static Tensor ClassMeans(Tensor x, IReadOnlyList<int> labels, int classes)
    {
        Tensor oneHot = tensor(labels.SelectMany(label => Enumerable.Range(0, classes).Select(k => k == label ? 1.0 : 0)).ToArray(), [labels.Count, classes])
            .clone();
        Tensor means = oneHot.t().mm(x) / maximum(oneHot.sum(new long[] { 0 }), ones([classes], ScalarType.Float64)).unsqueeze(1); // (K, D)
        return oneHot.mm(means);
    }

    private static Tensor Matrix(LabeledFeatures features) =>
        tensor(features.Rows.SelectMany(row => row).Select(value => (double)value).ToArray(), [features.Rows.Count, features.Rows[0].Length]).clone();

    private static double Squares(Tensor values) => Square(values).sum().item<double>();

    private static Tensor Square(Tensor values) => values * values; // TorchSharp's own makes a scalar for the call.
}
