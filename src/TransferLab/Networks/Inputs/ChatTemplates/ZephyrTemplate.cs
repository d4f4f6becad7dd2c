using TransferLab.Data;

namespace TransferLab.Networks;

/// <summary>
/// Zephyr and TinyLlama: a tag for the role, which most such vocabularies spell as text, a line break, the content as it is, the end of text, a line break.
/// </summary>
internal sealed record ZephyrTemplate(string Title) : ChatTemplate(Title)
{
    private const string End = "</s>";

    public override string EndOfTurn => End;

    internal override void Write(ChatWriter writer, Conversation conversation, Func<int, bool> trains, bool head)
    {
        IReadOnlyList<Turn> turns = conversation.Turns;
        if (DefaultSystem is { } system && (turns.Count == 0 || !IsSystem(turns[0])))
        {
            writer.Tag("<|system|>").Text($"\n{system}").Marker(End).Text("\n");
        }

        for (int i = 0; i < turns.Count; i++)
        {
            bool trained = trains(i);
            writer.Tag(Tag(turns[i].Role)).Text("\n").Content(turns[i].Content, trained).Marker(End, trained).Text("\n");
        }

        if (head)
        {
            writer.Tag("<|assistant|>").Text("\n");
        }
    }

    private static string Tag(Role role) => role switch { Role.User => "<|user|>", Role.Assistant => "<|assistant|>", _ => "<|system|>" };
}
