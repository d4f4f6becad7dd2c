using System.Globalization;
using System.Text;
using TransferLab.Data;
using TransferLab.Runtime;

namespace TransferLab.Comparison;

/// <summary>Writes answers as CSV (RFC 4180): <c>item,question,label,predicted,score,retrieved</c>; several right answers and passages stand in JSON
/// arrays.</summary>
internal static class AnswerPredictionFile
{
    /// <summary>The first line.</summary>
    public const string Header = "item,question,label,predicted,score,retrieved";

    /// <summary>Writes them whole or not at all.</summary>
    /// <param name="path">The file; its folder is made.</param>
    /// <param name="questions">The questions.</param>
    /// <param name="answers">What was answered.</param>
    /// <param name="scores">Each one's first metric.</param>
    public static void Write(string path, IReadOnlyList<Question> questions, IReadOnlyList<AnswerResult> answers, IReadOnlyList<double> scores)
    {
        StringBuilder text = new(Header + "\n");
        for (int i = 0; i < questions.Count; i++)
        {
            Question question = questions[i];
            text.Append(Field(question.Name)).Append(',').Append(Field(question.Text)).Append(',')
                .Append(Field(question.Right.Count == 1 ? question.Right[0] : Json(question.Right))).Append(',').Append(Field(answers[i].Text)).Append(',')
                .Append(scores[i].ToString("0.000000", CultureInfo.InvariantCulture)).Append(',')
                .Append(answers[i].Passages.Count == 0 ? "" : Field(Json(answers[i].Passages))).Append('\n');
        }

        WholeFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static string Json(IReadOnlyList<string> values) => System.Text.Json.JsonSerializer.Serialize(values, s_json);

    private static readonly System.Text.Json.JsonSerializerOptions s_json = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static string Field(string value) =>
        value.AsSpan().ContainsAny(",\"\r\n") ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : value;
}
