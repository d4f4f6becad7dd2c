namespace TransferLab.Data;

/// <summary>Calls of tools and their answers belong together.</summary>
internal static class ToolRules
{
    /// <summary>Looks at calls and answers; an answer without an id gets that of the only call that waits.</summary>
    public static List<(Turn Turn, string Path)> Apply(ChatRowContext row, List<(Turn Turn, string Path)> turns)
    {
        List<(Turn, string)> kept = [];
        List<ToolCall> waiting = [];
        foreach ((Turn turn, string path) in turns)
        {
            if (turn.Role == Role.Tool)
            {
                kept.Add((Answer(row, path, turn, waiting), path));
                continue;
            }

            if (turn.ToolCallId is not null)
            {
                row.Fault($"{path}.tool_call_id", "answer-not-by-tool", "a tool_call_id on a turn that is no tool's",
                    "remove it, or give the turn the role tool");
            }

            if (waiting.Count > 0)
            {
                row.Warn(path, "call-without-answer", $"the call of '{ChatRowContext.Short(waiting[0].Name)}' has no tool's answer before this turn",
                    "add the answer, or remove the call");
            }

            waiting = [.. turn.ToolCalls];
            kept.Add((turn, path));
        }

        return kept;
    }

    private static Turn Answer(ChatRowContext row, string path, Turn turn, List<ToolCall> waiting)
    {
        if (waiting.Count == 0)
        {
            row.Fault(path, "answer-without-call", "a tool's answer without a call before it",
                "add the assistant's turn with tool_calls, or remove the answer");
            return turn;
        }

        if (turn.ToolCallId is { } id)
        {
            int found = waiting.FindIndex(call => call.Id == id);
            if (found < 0)
            {
                row.Fault($"{path}.tool_call_id", "answer-without-call", $"'{ChatRowContext.Short(id)}' is the id of no call that waits for its answer",
                    $"write one of {Naming.Some([.. waiting.Select(call => call.Id ?? "(none)")])}");
            }
            else
            {
                waiting.RemoveAt(found);
            }

            return turn;
        }

        ToolCall call = waiting[0];
        if (call.Id is { } only && waiting.Count == 1)
        {
            row.Fault(path, "no-call-id", "the tool's answer names no call", $"add \"tool_call_id\": \"{only}\"", $"tool_call_id {only} added");
        }
        else if (waiting.Exists(other => other.Id is not null))
        {
            row.Fault(path, "no-call-id", "the tool's answer names none of the calls that wait", "add the tool_call_id of its call");
        }

        waiting.RemoveAt(0);
        return turn with { ToolCallId = call.Id };
    }
}
