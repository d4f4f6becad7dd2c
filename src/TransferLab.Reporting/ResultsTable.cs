using System.Text;
using TransferLab.Comparison;

namespace TransferLab.Reporting;

/// <summary>The summary of a comparison for the terminal and for markdown: one row a strategy, in the order of the results.</summary>
public static class ResultsTable
{
    private static readonly (string Title, Func<ResultsRow, string> Cell)[] s_columns =
    [
        ("strategy", row => row.Strategy),
        ("accuracy, % (95 % CI)", row => row.Accuracy),
        ("macro-F1", row => row.MacroF1),
        ("log loss", row => row.LogLoss),
        ("train time", row => row.TrainTime),
        ("trainable params", row => row.TrainableParameters),
        ("peak memory", row => row.PeakMemory),
        ("latency", row => row.Latency),
    ];

    /// <summary>Titles of the columns, in the order of the members of <see cref="ResultsRow"/>.</summary>
    public static IReadOnlyList<string> Columns { get; } = [.. s_columns.Select(column => column.Title)];

    /// <summary>The formatted rows.</summary>
    public static IReadOnlyList<ResultsRow> Rows(ComparisonResults results) => [.. results.Strategies.Select(Row)];

    /// <summary>The cells of a row, in the order of <see cref="Columns"/>.</summary>
    public static IReadOnlyList<string> Cells(ResultsRow row) => [.. s_columns.Select(column => column.Cell(row))];

    /// <summary>A markdown table; all columns but the first are aligned to the right.</summary>
    public static string ToMarkdown(ComparisonResults results)
    {
        (IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows) = results.Questions is null
            ? (Columns, [.. Rows(results).Select(Cells)])
            : AnswerTable.Of(results);
        StringBuilder text = new();
        text.Append("| ").AppendJoin(" | ", columns).Append(" |\n|:---|");
        text.Insert(text.Length, "---:|", columns.Count - 1).Append('\n');
        foreach (IReadOnlyList<string> row in rows)
        {
            text.Append("| ").AppendJoin(" | ", row.Select(EscapeMarkdown)).Append(" |\n");
        }

        return text.ToString();
    }

    /// <summary>Aligned plain columns, two spaces apart.</summary>
    public static string ToText(ComparisonResults results) => results.Questions is not null
        ? AnswerTable.ToText(results)
        : TextColumns.Of([Columns, .. Rows(results).Select(Cells)]);

    private static ResultsRow Row(StrategyResult strategy) => new()
    {
        Strategy = Figures.Name(strategy.Name),
        Accuracy = Figures.PercentWithInterval(strategy.Accuracy),
        MacroF1 = Figures.Score(strategy.MacroF1),
        LogLoss = Figures.Score(strategy.LogLoss),
        TrainTime = Figures.Duration(strategy.TrainSeconds),
        TrainableParameters = Figures.Count(strategy.TrainableParameters),
        PeakMemory = Figures.Bytes(strategy.PeakMemoryBytes),
        Latency = Figures.Milliseconds(strategy.LatencyMilliseconds),
    };

    private static string EscapeMarkdown(string cell)
    {
        StringBuilder text = new(cell.Length);
        foreach (char c in cell)
        {
            text.Append(c switch
            {
                '<' => "&lt;",
                '>' => "&gt;",
                '&' => "&amp;",
                '|' or '\\' or '`' or '*' or '_' or '[' or ']' => $"\\{c}",
                _ => c.ToString(),
            });
        }

        return text.ToString();
    }
}
