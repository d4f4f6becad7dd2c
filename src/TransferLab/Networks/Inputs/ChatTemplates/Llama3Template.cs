using TransferLab.Data;

namespace TransferLab.Networks;

/// <summary>
/// Llama 3: the beginning of text once, then for each turn its role between header tokens, two line breaks, the content trimmed, and the end of turn.
/// </summary>
internal sealed record Llama3Template(string Title) : ChatTemplate(Title)
{
    private const string Begin = "<|begin_of_text|>", HeadStart = "<|start_header_id|>", HeadEnd = "<|end_header_id|>", End = "<|eot_id|>";

    private const string ToolsHead =
        "Given the following functions, please respond with a JSON for a function call with its proper arguments that best answers the given prompt.\n\n"
        + "Respond in the format {\"name\": function name, \"parameters\": dictionary of argument name and its value}.Do not use variables.\n\n";

    public override string EndOfTurn => End;

    internal override void Write(ChatWriter writer, Conversation conversation, Func<int, bool> trains, bool head)
    {
        writer.Marker(Begin);
        IReadOnlyList<Turn> turns = conversation.Turns;
        int first = Date is null ? 0 : WriteSystem(writer, conversation);
        if (conversation.Tools is { } tools)
        {
            if (first >= turns.Count || turns[first].Role != Role.User)
            {
                throw Refused(conversation, "its tools are written into the first turn of the user, and the first turn is another's");
            }

            string listed = string.Concat(PythonJson.Items(tools, indent: 4).Select(tool => tool + "\n\n"));
            Header(writer, "user").Text(ToolsHead + listed + PythonText.Trim(turns[first++].Content)).Marker(End);
        }

        for (int i = first; i < turns.Count; i++)
        {
            bool trained = trains(i);
            Header(writer, RoleName(turns[i].Role)).Content(Body(conversation, turns[i]), trained).Marker(End, trained);
        }

        if (head)
        {
            Header(writer, "assistant");
        }
    }

    private static ChatWriter Header(ChatWriter writer, string role) => writer.Marker(HeadStart).Text(role).Marker(HeadEnd).Text("\n\n");

    /// <summary>The system turn that is always there; tells how many turns are written by it.</summary>
    private int WriteSystem(ChatWriter writer, Conversation conversation)
    {
        bool given = conversation.Turns.Count > 0 && IsSystem(conversation.Turns[0]);
        string system = given ? PythonText.Trim(conversation.Turns[0].Content) : DefaultSystem ?? "";
        Header(writer, "system").Text(
            $"{(conversation.Tools is null ? "" : "Environment: ipython\n")}Cutting Knowledge Date: December 2023\nToday Date: {Date}\n\n{system}").Marker(End);
        return given ? 1 : 0;
    }

    private string Body(Conversation conversation, Turn turn) => turn switch
    {
        { ToolCalls.Count: > 1 } => throw Refused(conversation, "a turn calls several tools, and this template writes one call a turn"),
        { ToolCalls.Count: 1 } => $"{{\"name\": \"{turn.ToolCalls[0].Name}\", \"parameters\": {PythonJson.Write(turn.ToolCalls[0].Arguments)}}}",
        { Role: Role.Tool } => PythonJson.Quote(turn.Content),
        _ => PythonText.Trim(turn.Content),
    };

    private static string RoleName(Role role) => role switch { Role.User => "user", Role.Assistant => "assistant", Role.Tool => "ipython", _ => "system" };
}
