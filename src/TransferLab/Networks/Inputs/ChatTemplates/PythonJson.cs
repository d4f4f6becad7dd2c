using System.Globalization;
using System.Text;
using System.Text.Json;

namespace TransferLab.Networks;

/// <summary>
/// JSON as Python writes it, a space behind each comma and colon: what models were taught to read and write. Numbers stay as they were given.
/// </summary>
internal static class PythonJson
{
    /// <summary>The items of a JSON array.</summary>
    public static IReadOnlyList<string> Items(string array, int indent = 0)
    {
        using JsonDocument document = JsonDocument.Parse(array);
        return document.RootElement.ValueKind == JsonValueKind.Array
            ? [.. document.RootElement.EnumerateArray().Select(item => Write(item, indent))]
            : throw new ChatTemplateException("A conversation's tools are no JSON array.");
    }

    /// <summary>The same value.</summary>
    public static string Write(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return Write(document.RootElement, 0);
    }

    /// <summary>A text in quotation marks.</summary>
    public static string Quote(string text)
    {
        StringBuilder quoted = new("\"");
        foreach (char character in text)
        {
            quoted.Append(character switch
            {
                '"' => "\\\"",
                '\\' => @"\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\b' => "\\b",
                '\f' => "\\f",
                < ' ' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => character.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }

    private static string Write(JsonElement value, int indent)
    {
        StringBuilder text = new();
        Write(text, value, indent, 0);
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonElement value, int indent, int depth)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteMany(text, '{', '}', [.. value.EnumerateObject()], indent, depth, member =>
                {
                    text.Append(Quote(member.Name)).Append(": ");
                    Write(text, member.Value, indent, depth + 1);
                });
                break;
            case JsonValueKind.Array:
                WriteMany(text, '[', ']', [.. value.EnumerateArray()], indent, depth, item => Write(text, item, indent, depth + 1));
                break;
            case JsonValueKind.String:
                text.Append(Quote(value.GetString()!));
                break;
            default:
                text.Append(value.GetRawText());
                break;
        }
    }

    private static void WriteMany<T>(StringBuilder text, char open, char close, IReadOnlyList<T> members, int indent, int depth, Action<T> write)
    {
        text.Append(open);
        for (int i = 0; i < members.Count; i++)
        {
            text.Append(i == 0 ? "" : indent > 0 ? "," : ", ");
            NewLine(depth + 1);
            write(members[i]);
        }

        if (members.Count > 0)
        {
            NewLine(depth);
        }

        text.Append(close);

        void NewLine(int level)
        {
            if (indent > 0)
            {
                text.Append('\n').Append(' ', indent * level);
            }
        }
    }
}
