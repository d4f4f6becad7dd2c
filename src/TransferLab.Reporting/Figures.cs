using System.Globalization;
using System.Text;
using TransferLab.Comparison;

namespace TransferLab.Reporting;

/// <summary>Turns figures into the strings that people read: one way for terminal, markdown and page, the same in every culture.</summary>
public static class Figures
{
    private const string Missing = "n/a";

    private static readonly CultureInfo s_culture = CultureInfo.InvariantCulture;

    /// <summary>A share in [0, 1] as a percentage with one decimal and no sign: <c>87.4</c>.</summary>
    public static string Percent(double share) => Number(share * 100, "0.0");

    /// <summary>A share with its interval, in per cent: <c>87.4 (84.0-90.3)</c>.</summary>
    public static string PercentWithInterval(Estimate share) => $"{Percent(share.Value)} ({PercentInterval(share)})";

    /// <summary>The interval of a share, in per cent: <c>84.0-90.3</c>.</summary>
    public static string PercentInterval(Estimate share) => $"{Percent(share.Low)}-{Percent(share.High)}";

    /// <summary>A difference of shares in percentage points, always with its sign: <c>+4.5</c>.</summary>
    public static string Points(double difference) => Number(difference * 100, "+0.0;-0.0;0.0");

    /// <summary>A difference with its interval, in percentage points: <c>+4.5 (+1.6 to +7.4)</c>.</summary>
    public static string PointsWithInterval(Estimate difference) =>
        $"{Points(difference.Value)} ({Points(difference.Low)} to {Points(difference.High)})";

    /// <summary>A score such as macro-F1 or log loss, three decimals: <c>0.874</c>.</summary>
    public static string Score(double value) => Number(value, "0.000");

    /// <summary>A p-value: <c>0.27</c>, <c>0.012</c>, <c>&lt; 0.001</c>.</summary>
    public static string Probability(double p) => p < 0.001 ? "< 0.001" : Number(p, p < 0.0995 ? "0.000" : "0.00");

    /// <summary>A whole number with thousands separators: <c>11,181,642</c>.</summary>
    public static string Count(long value) => value.ToString("N0", s_culture);

    /// <summary>A noun with its number: <c>1 seed</c>, <c>3 seeds</c>.</summary>
    public static string Count(long value, string noun, string? plural = null) =>
        $"{Count(value)} {(value == 1 ? noun : plural ?? noun + "s")}";

    /// <summary>A ratio with two digits that matter, as a factor: <c>13x</c>, <c>1.4x</c>.</summary>
    public static string Ratio(double value) => Missing == Number(value, "0")
        ? Missing
        : Number(value, Math.Abs(value) >= 9.95 ? "#,0" : Math.Abs(value) >= 0.995 ? "0.0" : "0.00") + "x";

    /// <summary>A time span given in seconds: <c>12 ms</c>, <c>3.1 s</c>, <c>4 min 12 s</c>, <c>2 h 05 min</c>.</summary>
    public static string Duration(double seconds)
    {
        if (!double.IsFinite(seconds))
        {
            return Missing;
        }

        double size = Math.Abs(seconds);
        if (size < 0.0995)
        {
            return Milliseconds(seconds * 1000);
        }

        if (size < 0.995)
        {
            return Number(seconds, "0.00") + " s";
        }

        if (size < 59.95)
        {
            return Number(seconds, "0.0") + " s";
        }

        long whole = (long)Math.Round(size);
        string sign = seconds < 0 ? "-" : "";
        return whole < 3600
            ? string.Create(s_culture, $"{sign}{whole / 60} min {whole % 60:00} s")
            : string.Create(s_culture, $"{sign}{whole / 3600:N0} h {whole % 3600 / 60:00} min");
    }

    /// <summary>Milliseconds with two or three digits that matter: <c>0.42 ms</c>, <c>8.3 ms</c>, <c>120 ms</c>.</summary>
    public static string Milliseconds(double value) => !double.IsFinite(value)
        ? Missing
        : value == 0 ? "0 ms" : Number(value, Math.Abs(value) < 0.995 ? "0.00" : Math.Abs(value) < 9.95 ? "0.0" : "#,0") + " ms";

    /// <summary>Bytes in decimal units: <c>812 MB</c>, <c>1.3 GB</c>.</summary>
    public static string Bytes(long value) => value switch
    {
        < 1_000 => Count(value) + " B",
        < 999_500 => Number(value / 1e3, "0") + " kB",
        < 999_500_000 => Number(value / 1e6, "0") + " MB",
        _ => Number(value / 1e9, "#,0.0") + " GB",
    };

    /// <summary>A point in time, UTC, to the minute: <c>2026-03-14 15:09 UTC</c>.</summary>
    public static string Moment(DateTimeOffset value) => value.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", s_culture);

    /// <summary>A name on one line: control characters, which could drive a terminal, become spaces.</summary>
    public static string Name(string value)
    {
        if (!value.Any(char.IsControl))
        {
            return value;
        }

        StringBuilder plain = new(value.Length);
        foreach (char c in value)
        {
            plain.Append(char.IsControl(c) ? ' ' : c);
        }

        return plain.ToString();
    }

    private static string Number(double value, string format)
    {
        if (!double.IsFinite(value))
        {
            return Missing;
        }

        string text = value.ToString(format, s_culture);
        return text.StartsWith('-') && text.AsSpan(1).IndexOfAnyInRange('1', '9') < 0 ? text[1..] : text;
    }
}
