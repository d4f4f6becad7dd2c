using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TransferLab.Notebooks;

/// <summary>A Jupyter notebook (nbformat 4.5) for the C# kernel of .NET Interactive.</summary>
internal sealed class NotebookFile
{
    private static readonly JsonSerializerOptions s_format = new()
    {
        WriteIndented = true,
        IndentSize = 1,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
    private readonly JsonObject _json;

    private NotebookFile(JsonObject json) => _json = json;

    /// <summary>Makes one without outputs.</summary>
    public static NotebookFile Of(IReadOnlyList<Cell> cells) => new(new JsonObject
    {
        ["cells"] = new JsonArray([.. cells.Select(CellJson)]),
        ["metadata"] = JsonNode.Parse("""
            {
              "kernelspec": { "display_name": ".NET (C#)", "language": "C#", "name": ".net-csharp" },
              "language_info": { "file_extension": ".cs", "mimetype": "text/x-csharp", "name": "C#", "pygments_lexer": "csharp" },
              "polyglot_notebook": { "kernelInfo": { "defaultKernelName": "csharp", "items": [ { "aliases": [], "languageName": "csharp", "name": "csharp" } ] } }
            }
            """),
        ["nbformat"] = 4,
        ["nbformat_minor"] = 5,
    });

    /// <summary>Reads one.</summary>
    /// <exception cref="FormatException">The file is not a notebook.</exception>
    public static NotebookFile Read(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(path)) is JsonObject json && json["cells"] is JsonArray
                ? new(json)
                : throw new FormatException($"{path}: not a notebook, it has no cells.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"{path}: not a notebook ({e.Message}).", e);
        }
    }

    /// <summary>The code cells.</summary>
    public IReadOnlyList<JsonObject> CodeCells => [.. Cells.Where(cell => (string?)cell["cell_type"] == "code")];

    private IEnumerable<JsonObject> Cells => _json["cells"]!.AsArray().Select(cell => cell!.AsObject());

    /// <summary>A cell's source.</summary>
    public static string Source(JsonObject cell) => cell["source"] is JsonArray lines
        ? string.Concat(lines.Select(line => (string?)line))
        : (string?)cell["source"] ?? "";

    /// <summary>Text as notebooks store it: an array of lines with their ends.</summary>
    public static JsonArray Lines(string text)
    {
        string[] lines = text.Split('\n');
        return [.. lines.Select((line, i) => (JsonNode)(i < lines.Length - 1 ? line + "\n" : line)).Where(line => (string?)line != "")];
    }

    /// <summary>Takes over the outputs of an older form of this notebook, up to the first code cell that differs: what comes after may have changed with
    /// it.</summary>
    public void TakeOutputs(NotebookFile older)
    {
        foreach ((JsonObject cell, JsonObject old) in CodeCells.Zip(older.CodeCells))
        {
            if (Source(cell) != Source(old))
            {
                return;
            }

            cell["outputs"] = old["outputs"]?.DeepClone();
            cell["execution_count"] = old["execution_count"]?.DeepClone();
        }
    }

    /// <summary>Whether every code cell has been run and its outputs stored.</summary>
    public bool HasRun => CodeCells.All(cell => cell["execution_count"]?.GetValueKind() == JsonValueKind.Number);

    /// <summary>Why this file is not what <paramref name="built"/> says, in one sentence; null where it is. Outputs may be any.</summary>
    public string? Drift(NotebookFile built)
    {
        JsonObject[] own = [.. Cells], right = [.. built.Cells];
        for (int i = 0; i < Math.Max(own.Length, right.Length); i++)
        {
            if (i >= own.Length || i >= right.Length || (string?)own[i]["cell_type"] != (string?)right[i]["cell_type"] || Source(own[i]) != Source(right[i]))
            {
                return $"differs from its source at cell {i + 1}; build it again.";
            }
        }

        return null;
    }

    /// <summary>Writes the file, whole or not at all.</summary>
    public void Write(string path)
    {
        string temporary = path + ".tmp";
        File.WriteAllText(temporary, _json.ToJsonString(s_format) + "\n");
        File.Move(temporary, path, overwrite: true);
    }

    private static JsonNode CellJson(Cell cell, int index)
    {
        JsonObject json = new() { ["cell_type"] = cell.IsMarkdown ? "markdown" : "code" };
        if (!cell.IsMarkdown)
        {
            json["execution_count"] = null;
        }

        json["id"] = $"cell-{index + 1}";
        json["metadata"] = new JsonObject();
        if (!cell.IsMarkdown)
        {
            json["outputs"] = new JsonArray();
        }

        json["source"] = Lines(cell.Source);
        return json;
    }
}
