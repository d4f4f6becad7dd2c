using System.Text;
using System.Text.Json;

namespace TransferLab.Data;

/// <summary>Takes a file apart into rows: one a line, or the elements of one array.</summary>
internal sealed class ChatRowSource(StrictReader reader, ChatHost host)
{
    private int _line = 1;

    /// <summary>Of the character that comes next.</summary>
    public int Line => _line;

    /// <summary>Whether the first character that counts opens an array.</summary>
    public bool IsArray()
    {
        int next;
        while ((next = reader.Peek()) >= 0 && char.IsWhiteSpace((char)next))
        {
            _line += reader.Read() == '\n' ? 1 : 0;
        }

        return next == '[';
    }

    /// <summary>One row a line; empty lines do not count.</summary>
    public List<ChatRow> Lines()
    {
        List<ChatRow> rows = [];
        while (reader.ReadLine() is { } text)
        {
            int lines = 1;
            if (text.Trim() == "{")
            {
                (text, lines) = WholeObject(text);
            }

            if (!string.IsNullOrWhiteSpace(text))
            {
                ChatRow row = Undecoded(text) ?? Parse(text);
                if (lines > 1 && row.Shape is not null)
                {
                    row.Findings.Insert(0,
                        new(_line, "$", "object-over-lines", true, $"one object over {lines} lines",
                        "write each object on one line")
                        { Mended = "written on one line" });
                }

                rows.Add(row);
            }

            _line += lines;
        }

        return rows;
    }

    /// <summary>An object that a program has laid out over many lines: up to the brace that closes it.</summary>
    private (string Text, int Lines) WholeObject(string first)
    {
        StringBuilder text = new(first);
        int lines = 1, depth = 1;
        while (depth > 0 && reader.ReadLine() is { } line)
        {
            text.Append('\n').Append(line);
            lines++;
            bool inString = false;
            for (int i = 0; i < line.Length; i++)
            {
                char c = line[i];
                if (inString && c == '\\')
                {
                    i++;
                }
                else if (c == '"')
                {
                    inString = !inString;
                }
                else if (!inString)
                {
                    depth += c switch { '{' or '[' => 1, '}' or ']' => -1, _ => 0 };
                }
            }
        }

        return (text.ToString(), lines);
    }

    /// <summary>The elements of the array that the whole file is.</summary>
    public List<ChatRow> Elements(List<ChatFinding> findings)
    {
        string text = reader.ReadToEnd();
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        List<ChatRow> rows = [];
        Utf8JsonReader json = new(bytes);
        int counted = 0;
        try
        {
            json.Read();
            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            {
                int start = (int)json.TokenStartIndex;
                _line += bytes.AsSpan(counted, start - counted).Count((byte)'\n');
                counted = start;
                json.Skip();
                string element = Encoding.UTF8.GetString(bytes, start, (int)json.BytesConsumed - start);
                rows.Add(Undecoded(element) ?? Parse(element));
            }

            while (json.Read())
            {
                // Nothing may follow; what does throws.
            }
        }
        catch (JsonException e)
        {
            int line = _line + bytes.AsSpan(counted, Math.Max(0, Math.Min((int)json.BytesConsumed, bytes.Length) - counted)).Count((byte)'\n');
            findings.Add(new(line, "$", "not-json", true, $"not valid JSON ({Cause(e)}), and nothing after it is read", "mend it here"));
        }

        return rows;
    }

    private ChatRow? Undecoded(string text) => reader.FirstInvalid is { } bad && text.Contains(StrictReader.Invalid)
        ? Broken("not-utf8", $"bytes that are not {reader.EncodingName} (the file's first is 0x{bad.Value:X2} at offset {bad.Offset})",
            "save the file as UTF-8; Latin-1 and other code pages are not read")
        : null;

    private ChatRow Parse(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return ChatRowReader.Read(_line, document.RootElement, host);
        }
        catch (JsonException e)
        {
            return WithoutComma(text) ?? Broken("not-json",
                $"not valid JSON at byte {e.BytePositionInLine} of the line ({Cause(e)}): '{ChatRowContext.Short(text)}'", Mend(text));
        }
    }

    /// <summary>A line cut out of an array, comma and all.</summary>
    private ChatRow? WithoutComma(string text)
    {
        string line = text.TrimEnd();
        if (!line.EndsWith(','))
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(line[..^1]);
            ChatRow row = ChatRowReader.Read(_line, document.RootElement, host);
            row.Findings.Insert(0, new(_line, "$", "not-json", true, "a comma after the object", "remove it") { Mended = "removed" });
            return row;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private ChatRow Broken(string kind, string reason, string mend) => new(_line, null, null, [new(_line, "$", kind, true, reason, mend)]);

    private static string Mend(string text)
    {
        string line = text.Trim();
        return line is "{" or "}" or "}," || line.EndsWith('{') || line.EndsWith('[') || (line.StartsWith('"') && line.EndsWith(','))
            ? "write each object on one line"
            : line.StartsWith("{'", StringComparison.Ordinal) ? "write it with double quotes, as json.dumps does" : "write one whole JSON object a line";
    }

    /// <summary>The parser's sentence without its position, which is said apart.</summary>
    private static string Cause(JsonException e)
    {
        string first = e.Message.Split(". ", 2)[0].Split(" LineNumber", 2)[0];
        return ChatRowContext.Clean(first.TrimEnd('.'));
    }
}
