using System.Globalization;
using System.Text;
using TransferLab.Data;
using TransferLab.Models;
using TransferLab.Runtime;

namespace TransferLab.Comparison;

/// <summary>Writes predictions as CSV (RFC 4180): <c>item,label,predicted,score</c>.</summary>
public static class PredictionFile
{
    /// <summary>The first line.</summary>
    public const string Header = "item,label,predicted,score";

    /// <summary>Writes them whole or not at all.</summary>
    /// <param name="path">The file; its folder is made.</param>
    /// <param name="examples">The examples.</param>
    /// <param name="predictions">What a model says about them.</param>
    /// <param name="classes">Class names.</param>
    /// <param name="labelled">Whether the examples' labels are known; the column is empty otherwise.</param>
    public static void Write(string path, IReadOnlyList<Example> examples, Predictions predictions, IReadOnlyList<string> classes, bool labelled = true)
    {
        StringBuilder text = new(Header + "\n");
        for (int i = 0; i < examples.Count; i++)
        {
            text.Append(Field(examples[i].Name)).Append(',')
                .Append(labelled ? Field(classes[examples[i].Label]) : "").Append(',')
                .Append(Field(classes[predictions.Labels[i]])).Append(',')
                .Append(predictions.Scores[i].ToString("0.000000", CultureInfo.InvariantCulture)).Append('\n');
        }

        WholeFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static string Field(string value) =>
        value.AsSpan().ContainsAny(",\"\r\n") ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : value;
}
