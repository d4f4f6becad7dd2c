using TransferLab.Data;

namespace TransferLab.Networks;

/// <summary>Puts segments together to ids.</summary>
internal sealed class ChatTokensOf(ChatTemplate template, TextTokenizer tokenizer)
{
    /// <exception cref="ChatTemplateException">The vocabulary lacks a token that the template writes, or the conversation does not fit it.</exception>
    public ChatTokens Encode(Conversation conversation, ChatRendering rendering)
    {
        List<long> ids = [];
        List<bool> trained = [];
        bool apart = false;
        Follows follows = Follows.Nothing;
        foreach (ChatSegment segment in Joined(template.Render(conversation, rendering)))
        {
            if (segment.Kind == ChatSegmentKind.Marker)
            {
                Add([Id(segment.Text)], segment.Trained);
                follows = Follows.SpecialToken;
                continue;
            }

            if (segment.Text.Length > 0)
            {
                apart |= segment.Trained && follows == Follows.Text && PythonText.IsSpace(segment.Text[0]);
                Add(tokenizer.EncodePart(segment.Text, follows), segment.Trained);
                follows = Follows.Text;
            }
        }

        return new() { Ids = [.. ids], Trained = [.. trained], SplitApart = apart };

        void Add(long[] more, bool train)
        {
            ids.AddRange(more);
            trained.AddRange(Enumerable.Repeat(train, more.Length));
        }
    }

    /// <summary>Tags become tokens where the vocabulary has them, and text of what is around them where it has not.</summary>
    private List<ChatSegment> Joined(IReadOnlyList<ChatSegment> segments)
    {
        List<ChatSegment> joined = [];
        foreach (ChatSegment segment in segments)
        {
            ChatSegment next = segment.Kind != ChatSegmentKind.Tag ? segment
                : segment with { Kind = tokenizer.IdOf(segment.Text) is { } id && tokenizer.IsSpecial(id) ? ChatSegmentKind.Marker : ChatSegmentKind.Text };
            if (next is { Kind: ChatSegmentKind.Text, Trained: false } && joined.Count > 0 && joined[^1] is { Kind: ChatSegmentKind.Text, Trained: false } last)
            {
                joined[^1] = last with { Text = last.Text + next.Text };
            }
            else
            {
                joined.Add(next);
            }
        }

        return joined;
    }

    private long Id(string marker) => tokenizer.IdOf(marker)
        ?? throw new ChatTemplateException(
            $"{tokenizer.Origin}: its vocabulary lacks {marker}, which the chat template {template.Name} writes: another template belongs to this model.");
}
