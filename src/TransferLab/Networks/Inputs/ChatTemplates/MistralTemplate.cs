using TransferLab.Data;

namespace TransferLab.Networks;

/// <summary>
/// Mistral's instruct models as of version 0.3: the user's turns between [INST] and [/INST], answers trimmed, with a space before and the end of
/// text behind. The system's text stands in the user's last turn.
/// </summary>
/// <remarks>
/// The original leaves the system's text out where the conversation ends with an answer, so that a model would learn to answer without; here it stays where the
/// prompt has it.
/// </remarks>
internal sealed record MistralTemplate(string Title) : ChatTemplate(Title)
{
    private const string Begin = "<s>", End = "</s>", Open = "[INST]", Close = "[/INST]";

    public override string EndOfTurn => End;

    internal override void Write(ChatWriter writer, Conversation conversation, Func<int, bool> trains, bool head)
    {
        writer.Marker(Begin);
        IReadOnlyList<Turn> turns = conversation.Turns;
        int first = turns.Count > 0 && IsSystem(turns[0]) ? 1 : 0;
        string? system = first == 1 ? turns[0].Content : DefaultSystem;
        int lastAsked = turns.Count - 1;
        while (lastAsked > 0 && turns[lastAsked].Role != Role.User)
        {
            lastAsked--;
        }

        for (int i = first; i < turns.Count; i++)
        {
            if (turns[i].Role != ((i - first) % 2 == 0 ? Role.User : Role.Assistant))
            {
                throw Refused(conversation, "after the system's turn those of the user and the assistant have to alternate, the user's first");
            }

            bool trained = trains(i);
            if (turns[i].Role == Role.User)
            {
                writer.Marker(Open).Text($" {(i == lastAsked && system is not null ? system + "\n\n" : "")}{turns[i].Content}").Marker(Close);
            }
            else
            {
                writer.Content(" " + PythonText.Trim(turns[i].Content), trained).Marker(End, trained);
            }
        }
    }
}
