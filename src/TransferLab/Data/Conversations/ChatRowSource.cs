using System.Text;
using System.Text.Json;

namespace TransferLab.Data;

/// <summary>Takes a file apart into rows: one a line, or the elements of one array.</summary>
internal sealed class ChatRowSource(StrictReader reader, ChatHost host)
{
    private const char Mark = '\uFEFF';
    private const int MostInVain = 10_000; // Lines that are looked through for the end of an object and do not hold it.
    private readonly Queue<string> _waiting = []; // Lines that were read ahead.
    private int _line = 1;
    private bool _hasLayout = true; // Until too much was looked through in vain: doing so for every line would take for ever.
    private int _inVain;

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

    /// <summary>Whether the line that opens an array also closes it, and more lines follow: each is then a row, if a wrong one.</summary>
    public bool IsArrayALine()
    {
        if (reader.ReadLine() is not { } first)
        {
            return false;
        }

        _waiting.Enqueue(first);
        while (reader.Peek() is var next and >= 0 && char.IsWhiteSpace((char)next))
        {
            _waiting.Enqueue(reader.ReadLine()!);
        }

        return Depth(first) == 0 && reader.Peek() >= 0;
    }

    /// <summary>One row a line; empty lines do not count.</summary>
    public List<ChatRow> Lines()
    {
        List<ChatRow> rows = [];
        while (NextLine() is { } text)
        {
            int lines = 1;
            if (_hasLayout && text.AsSpan().TrimStart().StartsWith("{") && Depth(text) > 0)
            {
                (text, lines) = WholeObject(text);
            }

            bool isMarked = text.StartsWith(Mark);
            text = isMarked ? text[1..] : text;
            if (!string.IsNullOrWhiteSpace(text))
            {
                ChatRow row = Undecoded(text) ?? Parse(text);
                if (isMarked)
                {
                    row.Findings.Insert(0, new(_line, "$", "not-json", true, "a byte order mark before the object, as where files were joined", "remove it")
                    {
                        Mended = "removed",
                    });
                }

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

    private string? NextLine() => _waiting.TryDequeue(out string? line) ? line : reader.ReadLine();

    /// <summary>
    /// An object that a program has laid out over many lines: up to the brace that closes it. Where none does, or a line is a row by itself, the first line
    /// alone is broken, and those behind it are rows of their own.
    /// </summary>
    private (string Text, int Lines) WholeObject(string first)
    {
        List<string> lines = [first];
        int depth = Depth(first);
        while (depth > 0 && NextLine() is { } line)
        {
            lines.Add(line);
            if (line.StartsWith('{') && IsRow(line))
            {
                depth = -1;
                break;
            }

            depth += Depth(line);
        }

        if (depth == 0)
        {
            return (string.Join('\n', lines), lines.Count);
        }

        _inVain += lines.Count;
        _hasLayout = depth < 0 && _inVain < MostInVain;
        string[] behind = [.. lines.Skip(1), .. _waiting];
        _waiting.Clear();
        foreach (string line in behind)
        {
            _waiting.Enqueue(line);
        }

        return (first, 1);
    }

    private static bool IsRow(string line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            return document.RootElement.ValueKind == JsonValueKind.Object && ChatRowReader.HasShape(document.RootElement);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Braces and brackets that a line opens and does not close.</summary>
    private static int Depth(string line)
    {
        int depth = 0;
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

        return depth;
    }

    /// <summary>The elements of the array that the whole file is.</summary>
    public List<ChatRow> Elements(List<ChatFinding> findings)
    {
        string text = string.Concat(_waiting.Select(line => line + "\n")) + reader.ReadToEnd();
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
                _line += LineEnds(bytes.AsSpan(counted, start - counted));
                counted = start;
                json.Skip();
                string element = Encoding.UTF8.GetString(bytes, start, (int)json.BytesConsumed - start);
                rows.Add((Undecoded(element) ?? Parse(element)).At(rows.Count));
            }

            while (json.Read())
            {
                // Nothing may follow; what does throws.
            }
        }
        catch (JsonException e)
        {
            int line = _line + LineEnds(bytes.AsSpan(counted, Math.Max(0, Math.Min((int)json.BytesConsumed, bytes.Length) - counted)));
            findings.Add(new(line, "$", ChatMending.CutArray, true, $"not valid JSON ({Cause(e)}), and nothing after it is read", "mend it here"));
        }

        return rows;
    }

    /// <summary>As a reader of lines counts them: those of older machines are a single return.</summary>
    private static int LineEnds(ReadOnlySpan<byte> bytes) => bytes.Count((byte)'\n') + bytes.Count((byte)'\r') - bytes.Count("\r\n"u8);

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
                $"not valid JSON at byte {e.BytePositionInLine} of the line ({Cause(e)}): '{ChatRowContext.Short(text)}'", Mend(text), e.LineNumber ?? 0);
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

    private ChatRow Broken(string kind, string reason, string mend, long linesBelow = 0) =>
        new(_line, null, null, [new(_line + (int)linesBelow, "$", kind, true, reason, mend)]);

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
