using System.Globalization;

namespace TransferLab.Comparison;

/// <summary>How sentences speak of a metric: points of accuracy, or numbers as they are.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsShare">Whether it is told in points of a hundred.</param>
/// <param name="LowerIsBetter">Whether less is better.</param>
internal sealed record MetricWords(string Name, bool IsShare, bool LowerIsBetter)
{
    /// <summary>The words for a metric.</summary>
    public static MetricWords Of(MetricSummary metric) => new(metric.Name, metric.IsShare, metric.LowerIsBetter);

    /// <summary>A difference without its unit: <c>4.5</c> for 0.045 of a share.</summary>
    public string Number(double difference) => IsShare
        ? (100 * difference).ToString("0.0", CultureInfo.InvariantCulture).Replace("-0.0", "0.0", StringComparison.Ordinal)
        : difference.ToString("0.###", CultureInfo.InvariantCulture);

    /// <summary>A difference with its unit.</summary>
    public string Amount(double difference) => IsShare ? $"{Number(difference)} points" : Number(difference);

    /// <summary>How far one is ahead: <c>4.5 points more accurate</c>, <c>4.5 points better in F1</c>.</summary>
    public string Ahead(double difference) => Name == MetricSummary.Accuracy.Name
        ? $"{Amount(difference)} more accurate"
        : $"{Amount(difference)} better in {Name}";
}
