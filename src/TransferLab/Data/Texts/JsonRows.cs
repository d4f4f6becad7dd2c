using System.Text.Json;

namespace TransferLab.Data;

/// <summary>Rows of JSON Lines: one object a line; empty lines do not count.</summary>
internal static class JsonRows
{
    /// <exception cref="DataException">A line that is no JSON object, or a member that is missing or of another type.</exception>
    public static IEnumerable<TextRow> Read(StrictReader reader, string path, TextDataOptions options)
    {
        int row = 0;
        int line = 0;
        while (reader.ReadLine() is { } json)
        {
            line++;
            if (string.IsNullOrWhiteSpace(json))
            {
                continue;
            }

            row++;
            string place = $"{path}, row {row} (line {line})";
            reader.Check(place, json);
            yield return Parse(place, row, json, options);
        }
    }

    private static TextRow Parse(string place, int row, string json, TextDataOptions options)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw new DataException($"{place}: {Kind(root)} where an object is expected; write one JSON object a line.");
            }

            var text = Member(place, root, options.TextColumn, nameof(options.TextColumn));
            var label = Member(place, root, options.LabelColumn, nameof(options.LabelColumn));
            return new TextRow(row, Text(place, text, options.TextColumn), Label(place, label, options.LabelColumn).Trim());
        }
        catch (JsonException e)
        {
            throw new DataException($"{place}: not valid JSON at byte {e.BytePositionInLine} of the line, '{Start(json)}'; write one JSON object a line.", e);
        }
        catch (InvalidOperationException e)
        {
            throw new DataException($"{place}: an escape \\u is half of a surrogate pair; write both halves or the character itself.", e);
        }
    }

    private static JsonElement Member(string place, JsonElement row, string wanted, string option)
    {
        if (row.TryGetProperty(wanted, out JsonElement value))
        {
            return value;
        }

        string message =
            $"{place}: no member {Naming.Quote(wanted)}; there are {Naming.Quoted(row.EnumerateObject().Select(member => member.Name))}: name one (option "
                + $"{option}), or mend the row.";
        throw option == nameof(TextDataOptions.LabelColumn) ? new NoLabelsException(message) : new DataException(message);
    }

    private static string Text(string place, JsonElement value, string member) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Null => "",
        _ => throw new DataException($"{place}: '{member}' is {Kind(value)}; write it as a string."),
    };

    private static string Label(string place, JsonElement value, string member) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Null => "",
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => throw new DataException($"{place}: '{member}' is {Kind(value)}; write it as a string, a number or a boolean."),
    };

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "a boolean",
    };

    private static string Start(string json) => json.Length <= 40 ? json : json[..40] + "...";
}
