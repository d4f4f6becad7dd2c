using System.Text;
using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;

namespace TransferLab.Notebooks;

/// <summary>Turns the kernel's events into the outputs of a cell, as Jupyter stores them.</summary>
/// <param name="count">The cell's execution count.</param>
internal sealed class CellOutputs(int count)
{
    private static readonly string s_lessons = Path.Combine(Path.GetTempPath(), $"transferlab-lessons-{Environment.UserName}");
    private readonly object _gate = new();
    private readonly List<(string? Stream, StringBuilder? Text, JsonObject? Output, string? ValueId)> _outputs = [];

    /// <summary>Adds what an event shows. Which packages were installed is not kept: it differs from machine to machine.</summary>
    public void Add(KernelEvent shown)
    {
        lock (_gate)
        {
            switch (shown)
            {
                case StandardOutputValueProduced text:
                    AddText("stdout", text.FormattedValues);
                    break;
                case StandardErrorValueProduced text:
                    AddText("stderr", text.FormattedValues);
                    break;
                case DisplayEvent { Value: InstallPackagesMessage }:
                    break;
                case DisplayedValueUpdated updated when _outputs.FindIndex(output => output.ValueId == updated.ValueId) is var i and >= 0:
                    _outputs[i] = (null, null, Data(updated.FormattedValues, "display_data"), updated.ValueId);
                    break;
                case DisplayedValueProduced displayed:
                    _outputs.Add((null, null, Data(displayed.FormattedValues, "display_data"), displayed.ValueId));
                    break;
                case ReturnValueProduced returned:
                    JsonObject result = Data(returned.FormattedValues, "execute_result");
                    result["execution_count"] = count;
                    _outputs.Add((null, null, result, null));
                    break;
            }
        }
    }

    /// <summary>Adds the failure of the cell.</summary>
    public void AddFailure(CommandFailed failure)
    {
        lock (_gate)
        {
            _outputs.Add((null, null, new JsonObject
            {
                ["ename"] = failure.Exception?.GetType().Name ?? "Error",
                ["evalue"] = failure.Message,
                ["output_type"] = "error",
                ["traceback"] = new JsonArray(),
            }, null));
        }
    }

    /// <summary>All outputs in order.</summary>
    public JsonArray ToJson()
    {
        lock (_gate)
        {
            return [.. _outputs.Select(output => output.Output ?? (JsonNode)new JsonObject
            {
                ["name"] = output.Stream,
                ["output_type"] = "stream",
                ["text"] = NotebookFile.Lines(output.Text!.ToString()),
            })];
        }
    }

    private void AddText(string stream, IEnumerable<FormattedValue> values)
    {
        string text = Portable(string.Concat(values.Take(1).Select(value => value.Value)));
        if (_outputs.Count > 0 && _outputs[^1].Stream == stream)
        {
            _outputs[^1].Text!.Append(text);
        }
        else
        {
            _outputs.Add((stream, new StringBuilder(text), null, null));
        }
    }

    /// <summary>What is shown, without what only this machine has: its line ends, and the place of its folder for temporary files, in which lessons
    /// write.</summary>
    internal static string Portable(string text) => text.ReplaceLineEndings("\n").Replace(s_lessons, "transferlab-lessons", StringComparison.Ordinal);

    private static JsonObject Data(IEnumerable<FormattedValue> values, string type)
    {
        JsonObject data = [];
        foreach (FormattedValue value in values)
        {
            data[value.MimeType] = NotebookFile.Lines(Portable(value.Value));
        }

        return new() { ["data"] = data, ["metadata"] = new JsonObject(), ["output_type"] = type };
    }
}
