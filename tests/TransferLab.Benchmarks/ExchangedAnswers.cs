using System.Text.Json;
using System.Text.RegularExpressions;
using TransferLab.ChatData;

namespace TransferLab.Benchmarks;

/// <summary>
/// Changes of facts for a set of questions that has none: every so many of the questions of a comparison get another's answer of the same form - a year, a
/// number, a name, a phrase - so that what was true is false, and the new answer is one that could be.
/// </summary>
internal static partial class ExchangedAnswers
{
    /// <summary>Writes them.</summary>
    /// <param name="predictions">A file of the comparison's predictions: its questions and right answers.</param>
    /// <param name="target">Rows for <c>--changes</c>.</param>
    /// <param name="every">Of so many questions one is changed.</param>
    public static void Write(string predictions, string target, int every)
    {
        (string Question, string Label)[] asked =
            [.. SourceRows.Read(predictions).Where((_, i) => i % every == 0).Select(row => (row.Values["question"], row.Values["label"]))];
        List<string> lines = [];
        foreach ((string Question, string Label)[] alike in asked.GroupBy(row => Form(row.Label)).Select(group => group.DistinctBy(row => row.Label).ToArray())
            .Where(group => group.Length > 1))
        {
            for (int i = 0; i < alike.Length; i++)
            {
                string answer = alike[(i + 1) % alike.Length].Label;
                lines.Add(JsonSerializer.Serialize(new
                {
                    messages = new[] { new { role = "user", content = alike[i].Question }, new { role = "assistant", content = answer } },
                    answers = new[] { answer },
                }));
            }
        }

        File.WriteAllLines(target, lines);
        Console.WriteLine($"{lines.Count} of {asked.Length} questions have another answer; one that is alone in its form keeps it");
    }

    private static string Form(string answer) =>
        Year().IsMatch(answer) ? "year" : answer.Any(char.IsAsciiDigit) ? "number" : char.IsUpper(answer[0]) ? "name" : "phrase";

    [GeneratedRegex(@"\b1\d{3}\b|\b20\d\d\b")]
    private static partial Regex Year();
}
