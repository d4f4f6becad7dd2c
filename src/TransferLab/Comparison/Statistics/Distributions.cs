namespace TransferLab.Comparison;

/// <summary>The few distributions that intervals and tests need.</summary>
internal static class Distributions
{
    private const int Bisections = 200;
    private const double Normal = 1e5; // From here on Student's t is the normal distribution, to four digits.

    /// <summary>The value that Student's t stays below with a probability: 1.96 for 0.975 and many degrees of freedom, 4.30 for two.</summary>
    /// <param name="probability">Above one half, below 1.</param>
    /// <param name="degrees">Degrees of freedom, at least 1; need not be whole.</param>
    public static double StudentQuantile(double probability, double degrees)
    {
        degrees = Math.Min(degrees, Normal);
        (double low, double high) = (0, 1e6);
        for (int i = 0; i < Bisections && high - low > 1e-10 * high; i++)
        {
            double middle = (low + high) / 2;
            (low, high) = 1 - (0.5 * IncompleteBeta(degrees / (degrees + (middle * middle)), degrees / 2, 0.5)) < probability ? (middle, high) : (low, middle);
        }

        return (low + high) / 2;
    }

    /// <summary>Two-sided probability that Student's t lies at least so far from 0.</summary>
    /// <param name="t">The value; infinity where there is no variance at all.</param>
    /// <param name="degrees">Degrees of freedom, at least 1; need not be whole.</param>
    public static double StudentTest(double t, double degrees) => double.IsInfinity(t) ? 0 : IncompleteBeta(degrees / (degrees + (t * t)), degrees / 2, 0.5);

    /// <summary>Two-sided exact probability that a fair coin falls at least as unevenly as <paramref name="a"/> to <paramref name="b"/>.</summary>
    public static double SignTest(int a, int b)
    {
        int n = a + b, least = Math.Min(a, b);
        double tail = 0;
        for (int k = 0; k <= least; k++)
        {
            tail += Math.Exp(LogGamma(n + 1) - LogGamma(k + 1) - LogGamma(n - k + 1) - (n * Math.Log(2)));
        }

        return Math.Min(1, 2 * tail);
    }

    /// <summary>Regularised incomplete beta function, by Lentz's continued fraction (Press et al., Numerical Recipes, 6.4).</summary>
    private static double IncompleteBeta(double x, double a, double b)
    {
        if (x is <= 0 or >= 1)
        {
            return x <= 0 ? 0 : 1;
        }

        double front = Math.Exp(LogGamma(a + b) - LogGamma(a) - LogGamma(b) + (a * Math.Log(x)) + (b * Math.Log(1 - x)));
        return x < (a + 1) / (a + b + 2) ? front * Fraction(x, a, b) / a : 1 - (front * Fraction(1 - x, b, a) / b);
    }

    private static double Fraction(double x, double a, double b)
    {
        const double tiny = 1e-300;
        double c = 1, d = 1 / Away(1 - ((a + b) * x / (a + 1))), h = d;
        for (int m = 1; m <= 300; m++)
        {
            double even = m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)));
            d = 1 / Away(1 + (even * d));
            c = Away(1 + (even / c));
            h *= d * c;
            double odd = -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            d = 1 / Away(1 + (odd * d));
            c = Away(1 + (odd / c));
            h *= d * c;
            if (Math.Abs((d * c) - 1) < 1e-13)
            {
                break;
            }
        }

        return h;

        static double Away(double value) => Math.Abs(value) < tiny ? tiny : value;
    }

    /// <summary>Logarithm of the gamma function (Lanczos, g = 7, nine terms), for positive arguments.</summary>
    private static double LogGamma(double x)
    {
        double[] terms =
        [
            0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
            12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
        ];
        double sum = terms[0];
        for (int i = 1; i < terms.Length; i++)
        {
            sum += terms[i] / (x - 1 + i);
        }

        double t = x + 6.5;
        return (0.5 * Math.Log(2 * Math.PI)) + ((x - 0.5) * Math.Log(t)) - t + Math.Log(sum);
    }
}
