using TransferLab.Data;

namespace TransferLab.Networks;

/// <summary>ChatML: <c>&lt;|im_start|&gt;role</c>, a line break, the content as it is, <c>&lt;|im_end|&gt;</c>, a line break. No beginning of text.</summary>
internal sealed record ChatMLTemplate(string Title) : ChatTemplate(Title)
{
    private const string Start = "<|im_start|>", End = "<|im_end|>";

    private const string ToolsHead =
        "# Tools\n\nYou may call one or more functions to assist with the user query.\n\n"
        + "You are provided with function signatures within <tools></tools> XML tags:\n<tools>";

    private const string ToolsTail =
        "\n</tools>\n\nFor each function call, return a json object with function name and arguments within <tool_call></tool_call> XML tags:\n"
        + "<tool_call>\n{\"name\": <function-name>, \"arguments\": <args-json-object>}\n</tool_call>";

    // What a model that can think is told where it need not: it has thought already.
    private const string Thought = "<think>\n\n</think>\n\n";

    /// <summary>Whether the last answer begins with an empty thought.</summary>
    public bool EmptyThought { get; init; }

    public override string EndOfTurn => End;

    internal override void Write(ChatWriter writer, Conversation conversation, Func<int, bool> trains, bool head)
    {
        IReadOnlyList<Turn> turns = conversation.Turns;
        int first = WriteSystem(writer, conversation);
        int lastAsked = head ? turns.Count : LastIndex(turns, turn => turn.Role == Role.User);
        for (int i = first; i < turns.Count; i++)
        {
            if (turns[i].Role == Role.Tool)
            {
                WriteToolAnswer(writer, turns, i);
                continue;
            }

            bool trained = trains(i);
            writer.Marker(Start).Text($"{RoleName(turns[i].Role)}\n");
            bool thought = EmptyThought && turns[i].Role == Role.Assistant && i > lastAsked && i == turns.Count - 1;
            string content = WithCalls(turns[i]);
            writer.Text(thought ? Thought : "").Content(thought ? content.TrimStart('\n') : content, trained).Marker(End, trained).Text("\n");
        }

        if (head)
        {
            writer.Marker(Start).Text($"assistant\n{(EmptyThought ? Thought : "")}");
        }
    }

    /// <summary>The system turn with the tools; tells how many turns are written by it.</summary>
    private int WriteSystem(ChatWriter writer, Conversation conversation)
    {
        bool given = conversation.Turns.Count > 0 && IsSystem(conversation.Turns[0]);
        string? system = given ? conversation.Turns[0].Content : DefaultSystem;
        if (conversation.Tools is { } tools)
        {
            system = (system is null ? "" : system + "\n\n") + ToolsHead + string.Concat(PythonJson.Items(tools).Select(tool => "\n" + tool)) + ToolsTail;
        }

        if (system is not null)
        {
            writer.Marker(Start).Text($"system\n{system}").Marker(End).Text("\n");
        }

        return given ? 1 : 0;
    }

    private static string WithCalls(Turn turn)
    {
        IEnumerable<string> calls = turn.ToolCalls
            .Select(call => $"<tool_call>\n{{\"name\": \"{call.Name}\", \"arguments\": {PythonJson.Write(call.Arguments)}}}\n</tool_call>");
        return string.Join('\n', turn.Content.Length > 0 || turn.ToolCalls.Count == 0 ? calls.Prepend(turn.Content) : calls);
    }

    /// <summary>Answers of tools that follow each other share one turn of the user's.</summary>
    private static void WriteToolAnswer(ChatWriter writer, IReadOnlyList<Turn> turns, int i)
    {
        if (i == 0 || turns[i - 1].Role != Role.Tool)
        {
            writer.Marker(Start).Text("user");
        }

        writer.Text($"\n<tool_response>\n{turns[i].Content}\n</tool_response>");
        if (i + 1 == turns.Count || turns[i + 1].Role != Role.Tool)
        {
            writer.Marker(End).Text("\n");
        }
    }

    private static string RoleName(Role role) => role switch { Role.User => "user", Role.Assistant => "assistant", _ => "system" };

    private static int LastIndex(IReadOnlyList<Turn> turns, Func<Turn, bool> which)
    {
        int i = turns.Count - 1;
        while (i >= 0 && !which(turns[i]))
        {
            i--;
        }

        return i;
    }
}
