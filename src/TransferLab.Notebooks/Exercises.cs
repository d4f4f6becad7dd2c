using System.Text.Json;
using System.Text.Json.Nodes;

namespace TransferLab.Notebooks;

/// <summary>
/// Proves that exercises judge rightly: in the place where a student would answer, runs the exercise's own solution, which must be called right, and each of
/// its known mistakes, which must not.
/// </summary>
internal static class Exercises
{
    private const string Call = "Check.That(", Right = "[x]", Wrong = "[!]";
    private const string Tell =
        "System.Console.Write(System.Text.Json.JsonSerializer.Serialize(new[] { TransferLab.Lessons.Check.Current!.Solution "
            + "}.Concat(TransferLab.Lessons.Check.Current.Mistakes)));";

    /// <summary>The statement that checks, from a cell that has one.</summary>
    public static string? Find(string source) => source.IndexOf(Call, StringComparison.Ordinal) is var i and >= 0 ? source[i..] : null;

    /// <summary>Runs solution and mistakes of the exercise that was checked last.</summary>
    /// <returns>What is judged wrongly; empty where nothing is.</returns>
    public static async Task<IReadOnlyList<string>> TryAsync(CSharpSession session, string check)
    {
        (bool succeeded, _, JsonArray told) = await session.RunAsync(Tell).ConfigureAwait(false);
        if (!succeeded)
        {
            return [$"the exercise cannot be asked: {Text(told)}"];
        }

        string[] answers = JsonSerializer.Deserialize<string[]>(Text(told)) ?? [];
        List<string> problems = answers.Length < 2 ? ["the exercise names no mistake that it catches"] : [];
        for (int i = answers.Length - 1; i >= 0; i--) // The solution last, so that the lesson goes on with it.
        {
            (_, _, JsonArray outputs) = await session.RunAsync($"{answers[i]}\n{check}").ConfigureAwait(false);
            string text = Text(outputs);
            if (!text.Contains(i == 0 ? Right : Wrong, StringComparison.Ordinal))
            {
                problems.Add($"'{answers[i]}' should be {(i == 0 ? "right" : "caught")}, but: {text.Trim()}");
            }
        }

        return problems;
    }

    /// <summary>All text of outputs.</summary>
    public static string Text(JsonArray outputs) => string.Concat(outputs.SelectMany(Texts));

    private static IEnumerable<string?> Texts(JsonNode? output) =>
        output?["text"] is JsonArray text ? text.Select(line => (string?)line)
        : output?["data"]?["text/plain"] is JsonArray plain ? plain.Select(line => (string?)line).Append("\n")
        : [(string?)output?["evalue"]];
}
