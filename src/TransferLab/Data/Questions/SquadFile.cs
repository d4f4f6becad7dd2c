using System.Globalization;
using System.Text.Json;

namespace TransferLab.Data;

/// <summary>
/// SQuAD's JSON (Rajpurkar et al. 2016, arXiv:1606.05250; 2018, arXiv:1806.03822): articles of paragraphs with questions that these answer. Paragraphs are
/// passages; an article is never parted between training and test.
/// </summary>
internal static class SquadFile
{
    private const string Refusal = "The passages do not say.";

    /// <summary>Whether a JSON document is one.</summary>
    public static bool IsOne(JsonElement root) => root.ValueKind == JsonValueKind.Object && root.TryGetProperty("data", out JsonElement data)
        && data.ValueKind == JsonValueKind.Array
        && data.EnumerateArray().All(article => article.ValueKind == JsonValueKind.Object && article.TryGetProperty("paragraphs", out JsonElement paragraphs)
            && paragraphs.ValueKind == JsonValueKind.Array);

    /// <summary>Reads one.</summary>
    public static QuestionRows Read(string path, JsonElement root)
    {
        List<Question> questions = [];
        List<Passage> passages = [];
        HashSet<string> names = [];
        int number = 0;
        foreach (JsonElement article in root.GetProperty("data").EnumerateArray())
        {
            string title = article.TryGetProperty("title", out JsonElement given) && given.ValueKind == JsonValueKind.String
                && given.GetString() is { Length: > 0 } said
                ? said : string.Create(CultureInfo.InvariantCulture, $"article {++number}");
            int place = 0;
            foreach (JsonElement paragraph in article.GetProperty("paragraphs").EnumerateArray())
            {
                string where = string.Create(CultureInfo.InvariantCulture, $"{title}#{++place}");
                string context = Text(path, where, paragraph, "context");
                passages.Add(new(where, title, context));
                foreach (JsonElement asked in Array(path, where, paragraph, "qas").EnumerateArray())
                {
                    questions.Add(Question(path, where, title, asked, names));
                }
            }
        }

        return passages.GroupBy(passage => passage.Id).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw new DataException($"{path}: two articles are titled '{twice.Key.Split('#')[0]}'; give each a title of its own.")
            : new(questions, passages);
    }

    private static Question Question(string path, string paragraph, string title, JsonElement asked, HashSet<string> names)
    {
        bool impossible = asked.TryGetProperty("is_impossible", out JsonElement flag) && flag.ValueKind == JsonValueKind.True;
        string[] answers = impossible
            ? []
            : [.. Array(path, paragraph, asked, "answers").EnumerateArray().Select(answer => Text(path, paragraph, answer, "text")).Distinct()];
        string name = asked.TryGetProperty("id", out JsonElement id) && id.ValueKind == JsonValueKind.String && id.GetString() is { Length: > 0 } own
            ? own
            : $"{paragraph}/{names.Count + 1}";
        if (!names.Add(name) || (answers.Length == 0 && !impossible))
        {
            throw new DataException(
                $"{path}, paragraph {paragraph}: the question '{name}' "
                    + $"{(answers.Length == 0 ? "has no answer, and is not marked is_impossible" : "stands twice")}; mend it, or remove it.");
        }

        return new()
        {
            Name = name,
            Prompt = new([new(Role.User, Text(path, paragraph, asked, "question").Trim())]),
            Reference = impossible ? Refusal : answers[0],
            Answers = answers,
            Document = paragraph,
            Group = title,
            Unanswerable = impossible,
        };
    }

    private static string Text(string path, string where, JsonElement value, string key) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(key, out JsonElement text) && text.ValueKind == JsonValueKind.String
            && !string.IsNullOrWhiteSpace(text.GetString())
            ? text.GetString()! : throw new DataException($"{path}, paragraph {where}: has no text '{key}' where SQuAD's files have one; mend it.");

    private static JsonElement Array(string path, string where, JsonElement value, string key) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(key, out JsonElement array) && array.ValueKind == JsonValueKind.Array
            ? array : throw new DataException($"{path}, paragraph {where}: has no list '{key}' where SQuAD's files have one; mend it.");
}
