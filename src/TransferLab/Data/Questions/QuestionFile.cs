using System.Text;
using System.Text.Json;

namespace TransferLab.Data;

/// <summary>Reads questions: conversations with what a comparison of answers needs beside them, or SQuAD's JSON.</summary>
internal static class QuestionFile
{
    private const long MostBytes = 512L << 20;
    private const string Halved = "an escape \\u is half of a surrogate pair; write both halves or the character itself.";
    private const int LongestName = 1000, MostAnswers = 100;
    internal static readonly string[] Extras = ["answers", "fact", "document", "unanswerable", "id"];

    /// <summary>Reads a file.</summary>
    /// <exception cref="DataException">Missing, damaged, or a row cannot be used: the line, the reason and what mends it.</exception>
    public static QuestionRows Read(string path)
    {
        try
        {
            FileInfo file = new(path);
            if (!file.Exists || file.Length > MostBytes || Path.GetExtension(path).ToLowerInvariant() is not (".jsonl" or ".ndjson" or ".json"))
            {
                throw new DataException(!file.Exists ? $"{path} does not exist; name a .jsonl file of questions, or a folder with train.jsonl and test.jsonl."
                    : file.Length > MostBytes
                        ? $"{path} has more than {MostBytes >> 20} MB; split it."
                        : $"{path} is not of a kind that is read; questions stand in .jsonl or .json files.");
            }

            using StrictReader reader = StrictReader.Open(path);
            QuestionRows rows = Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase)
                ? OfDocument(path, Decoded(path, reader.ReadToEnd(), reader))
                : OfLines(path, reader);
            return rows.Questions.Count > 0 ? rows : throw new DataException($"{path} has no rows; write one question a line.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path} cannot be read: {e.Message}", e);
        }
        catch (JsonException e)
        {
            throw new DataException($"{path}, line {(e.LineNumber ?? 0) + 1}: not valid JSON; write one whole object a line in a .jsonl file.", e);
        }
        catch (InvalidOperationException e)
        {
            throw new DataException($"{path}: {Halved}", e);
        }
    }

    private static QuestionRows OfLines(string path, StrictReader reader)
    {
        List<Question> rows = [];
        for (int line = 1; reader.ReadLine() is { } text; line++)
        {
            if (string.IsNullOrWhiteSpace(text))
            {
                continue;
            }

            try
            {
                using var row = JsonDocument.Parse(Decoded(path, text, reader));
                rows.Add(Row(path, $"line {line}", line, row.RootElement));
            }
            catch (JsonException e)
            {
                throw new DataException($"{path}, line {line}: not valid JSON at byte {e.BytePositionInLine}; write one whole object a line.", e);
            }
            catch (InvalidOperationException e)
            {
                throw new DataException($"{path}, line {line}: {Halved}", e);
            }
        }

        return new(Named(path, rows), []);
    }

    private static QuestionRows OfDocument(string path, string text)
    {
        using var document = JsonDocument.Parse(text);
        JsonElement root = document.RootElement;
        return SquadFile.IsOne(root) ? SquadFile.Read(path, root)
            : root.ValueKind == JsonValueKind.Array ? new(Named(path, [.. root.EnumerateArray().Select((row, i) => Row(path, $"row {i + 1}", i + 1, row))]), [])
            : throw new DataException(
                $"{path}: is neither an array of conversations nor SQuAD's JSON (an object with 'data' and 'paragraphs'); write one question a line in a "
                    + $".jsonl file.");
    }

    private static string Decoded(string path, string text, StrictReader reader) => reader.FirstInvalid is { } bad && text.Contains(StrictReader.Invalid)
        ? throw new DataException($"{path}: holds bytes that are not {reader.EncodingName} (0x{bad.Value:X2} at offset {bad.Offset}); save it as UTF-8.")
        : text;

    private static Question Row(string path, string place, int line, JsonElement root)
    {
        string where = $"{path}, {place}";
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new DataException($"{where}: no JSON object; write one object a question.");
        }

        ChatRow row = ChatRowReader.Read(line, root, ConversationFile.Any);
        if (row.Conversation is null || row.Findings.Any(finding => finding.IsFault))
        {
            throw new DataException($"{path}, {row.Findings.First(finding => finding.IsFault)}");
        }

        IReadOnlyList<Turn> turns = row.Conversation.Turns;
        if (turns is not [.., { Role: Role.Assistant, Content.Length: > 0 } last] || !turns.Any(turn => turn.Role == Role.User))
        {
            throw new DataException($"{where}: must hold a user's turn, and end with an assistant's: the right answer.");
        }

        return new()
        {
            Name = Text(where, root, "id") ?? place,
            Place = place,
            Prompt = row.Conversation with { Turns = [.. turns.SkipLast(1)] },
            Reference = last.Content,
            Answers = Answers(where, root),
            Fact = Text(where, root, "fact"),
            Document = Text(where, root, "document"),
            Unanswerable = root.TryGetProperty("unanswerable", out JsonElement flag) && flag.ValueKind != JsonValueKind.Null
                && (flag.ValueKind is JsonValueKind.True or JsonValueKind.False
                    ? flag.GetBoolean()
                    : throw new DataException($"{where}: 'unanswerable' is true or false, without quotes.")),
        };
    }

    /// <summary>Ids that stand twice would name two rows of a file of predictions.</summary>
    private static List<Question> Named(string path, List<Question> rows) =>
        rows.GroupBy(row => row.Name).FirstOrDefault(group => group.Count() > 1) is { } twice
        ? throw new DataException($"{path}: two rows have the id '{ChatRowContext.Short(twice.Key)}'; give each its own, or leave ids out.")
        : rows;

    private static string? Text(string where, JsonElement root, string key)
    {
        if (!root.TryGetProperty(key, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        string? text = value.ValueKind switch { JsonValueKind.String => value.GetString(), JsonValueKind.Number => value.GetRawText(), _ => null };
        return text is { Length: > 0 and <= LongestName }
            ? text
            : throw new DataException($"{where}: '{key}' is a text of 1 to {LongestName} characters, or a number; leave it out where there is none.");
    }

    private static string[] Answers(string where, JsonElement root)
    {
        if (!root.TryGetProperty("answers", out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        string?[] answers = value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(answer =>
                answer.ValueKind switch { JsonValueKind.String => answer.GetString(), JsonValueKind.Number => answer.GetRawText(), _ => null })]
            : [value.ValueKind == JsonValueKind.String ? value.GetString() : null];
        return answers.Length is > 0 and <= MostAnswers && answers.All(answer => !string.IsNullOrWhiteSpace(answer))
            ? [.. answers.Select(answer => answer!).Distinct()]
            : throw new DataException(
                $"{where}: 'answers' is a list of 1 to {MostAnswers} texts, any of which is right; leave it out where the assistant's turn is the answer.");
    }
}
