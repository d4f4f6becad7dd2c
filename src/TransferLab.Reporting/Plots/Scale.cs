using System.Globalization;

namespace TransferLab.Reporting.Plots;

/// <summary>One axis: maps values to pixels, linearly or by the logarithm, and knows its round ticks.</summary>
internal sealed class Scale
{
    private readonly double _from;
    private readonly double _to;

    private Scale(double min, double max, bool isLog, double from, double to)
    {
        (Min, Max, IsLog, _from, _to) = (min, max, isLog, from, to);
    }

    /// <summary>Smallest value on the axis.</summary>
    public double Min { get; }

    /// <summary>Largest value on the axis.</summary>
    public double Max { get; }

    /// <summary>Whether equal distances are equal factors.</summary>
    public bool IsLog { get; }

    /// <summary>A linear axis over the values, widened to round ticks and held inside the bounds.</summary>
    public static Scale Linear(IEnumerable<double> values, double from, double to, double lowest, double highest, double leastSpan)
    {
        (double min, double max) = Range(values, lowest, highest);
        double missing = leastSpan - (max - min);
        if (missing > 0)
        {
            (min, max) = (min - missing / 2, max + missing / 2);
        }

        double step = Step(max - min, 6);
        min = Math.Max(lowest, Math.Floor(min / step + 1e-9) * step);
        max = Math.Min(highest, Math.Ceiling(max / step - 1e-9) * step);
        return new Scale(min, max, false, from, to);
    }

    /// <summary>A linear axis from one value to another, as they are.</summary>
    public static Scale Between(double min, double max, double from, double to) => new(min, max, false, from, to);

    /// <summary>A logarithmic axis with a margin on both sides; what is not positive counts as <paramref name="least"/>.</summary>
    public static Scale Log(IEnumerable<double> values, double from, double to, double least, double marginFactor)
    {
        (double min, double max) = Range(values.Select(v => Math.Max(v, least)), least, double.MaxValue);
        return new Scale(min / marginFactor, max * marginFactor, true, from, to);
    }

    /// <summary>Pixel of a value; values beyond the axis are held at its ends.</summary>
    public double Map(double value)
    {
        double held = Math.Clamp(double.IsNaN(value) ? Min : value, Min, Max);
        double share = IsLog ? Math.Log(held / Min) / Math.Log(Max / Min) : (held - Min) / (Max - Min);
        return _from + share * (_to - _from);
    }

    /// <summary>Round values for about <paramref name="count"/> ticks, equally far apart.</summary>
    public IReadOnlyList<double> Ticks(int count)
    {
        double step = Step(Max - Min, count);
        double first = Math.Ceiling(Min / step - 1e-9);
        return [.. Enumerable.Range(0, (int)Math.Floor(Max / step - first + 1e-9) + 1).Select(i => (first + i) * step)];
    }

    /// <summary>A number with as many decimals as it needs.</summary>
    public static string Label(double value) => Math.Round(value, 6).ToString("#,0.######", CultureInfo.InvariantCulture);

    private static (double Min, double Max) Range(IEnumerable<double> values, double lowest, double highest)
    {
        double[] held = [.. values.Where(double.IsFinite).Select(v => Math.Clamp(v, lowest, highest))];
        return held.Length == 0 ? (lowest, Math.Min(highest, lowest + 1)) : (held.Min(), held.Max());
    }

    private static double Step(double span, int count)
    {
        double raw = span / Math.Max(1, count);
        double power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        double mantissa = raw / power;
        return power * (mantissa <= 1 + 1e-9 ? 1 : mantissa <= 2 + 1e-9 ? 2 : mantissa <= 5 + 1e-9 ? 5 : 10);
    }
}
