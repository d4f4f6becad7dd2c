using System.Text;
using TransferLab.Data;
using TransferLab.Runtime;

namespace TransferLab.ChatData;

/// <summary>Conversations that were made, and what was not made into one.</summary>
/// <param name="Read">Rows, messages or pages that were looked at.</param>
/// <param name="Conversations">What was made.</param>
/// <param name="LeftOut">What was thrown away, by reason.</param>
public sealed record MadeChat(int Read, IReadOnlyList<Conversation> Conversations, IReadOnlyList<LeftOut> LeftOut)
{
    /// <summary>Plain texts of pages that ask nothing: a corpus to train the next token on.</summary>
    public IReadOnlyList<string> Corpus { get; init; } = [];

    /// <summary>The place of the corpus beside a file of conversations: <c>faq.jsonl</c> has <c>faq.corpus.txt</c>.</summary>
    public static string CorpusPath(string path) => Path.ChangeExtension(path, ".corpus.txt");

    /// <summary>Writes the conversations as <c>messages</c> with their card, and the corpus beside them; each whole or not at all, and none where there is
    /// nothing to write.</summary>
    /// <param name="path">The .jsonl file.</param>
    /// <param name="card">Where they come from.</param>
    /// <exception cref="DataException">Nothing came out: neither a conversation nor a text.</exception>
    /// <exception cref="IOException">The place cannot be written to.</exception>
    public void Write(string path, ChatCard card)
    {
        if (Conversations.Count == 0 && Corpus.Count == 0)
        {
            throw new DataException(
                $"{card.Source} gave no "
                    + $"conversation{(LeftOut.Count == 0 ? "" : $": {string.Join("; ", LeftOut.Select(left => $"{left.Reason}: {left.Count}"))}")}; nothing is "
                    + $"written.");
        }

        if (Conversations.Count > 0)
        {
            ConversationFile.Write(path, Conversations);
        }

        if (Corpus.Count > 0)
        {
            WholeFile.Write(CorpusPath(path), stream => stream.Write(Encoding.UTF8.GetBytes(string.Join("\n\n", Corpus) + "\n")));
        }

        (card with { Conversations = Conversations.Count, LeftOut = [.. LeftOut.Select(left => left.ToString())] }).Write(path);
    }
}
