using TransferLab.Data;

namespace TransferLab.Networks;

/// <summary>
/// Conversations as token ids, by a model's template and tokenizer. Markers come by id, and contents are plain text: what looks like a marker in
/// one gives no orders. What is not trained is split as one text, and each trained content apart, so that a prompt's ids are a prefix of the whole
/// conversation's. Immutable, and safe to use from several threads.
/// </summary>
public sealed class ChatEncoder
{
    /// <summary>An encoder.</summary>
    /// <exception cref="ChatTemplateException">The vocabulary lacks a token that the template writes.</exception>
    public ChatEncoder(ChatTemplate template, TextTokenizer tokenizer)
    {
        (Template, Tokenizer) = (template, tokenizer);
        Conversation sample = new([new(Role.User, ""), new(Role.Assistant, "")]);
        int Length(ChatTemplate which) => new ChatTokensOf(which, tokenizer).Encode(sample, ChatRendering.Whole).Ids.Length;
        DefaultSystemTokens = Length(template) - Length(template with { DefaultSystem = null });
    }

    /// <summary>How conversations are written.</summary>
    public ChatTemplate Template { get; }

    /// <summary>How texts are split.</summary>
    public TextTokenizer Tokenizer { get; }

    /// <summary>Tokens that the template's default system turn adds to every conversation without one.</summary>
    public int DefaultSystemTokens { get; }

    /// <summary>The id that ends an assistant's turn: generation stops there.</summary>
    public long EndOfTurn => Tokenizer.IdOf(Template.EndOfTurn)!.Value;

    /// <summary>The ids of a conversation, and which are trained.</summary>
    /// <exception cref="ChatTemplateException">It holds what the template cannot write.</exception>
    public ChatTokens Encode(Conversation conversation, ChatRendering? rendering = null) =>
        new ChatTokensOf(Template, Tokenizer).Encode(conversation, rendering ?? ChatRendering.Whole);

    /// <summary>How long a conversation is, and what of it is trained; a refusal where the template cannot write it.</summary>
    public ConversationSize Measure(Conversation conversation)
    {
        try
        {
            ChatTokens tokens = Encode(conversation);
            return new(tokens.Ids.Length, tokens.TrainedCount);
        }
        catch (ChatTemplateException e)
        {
            return new(0, 0) { Refusal = e.Message };
        }
    }

    /// <summary>The ids that a model goes on from: the conversation and the head of an answer.</summary>
    /// <exception cref="ChatTemplateException">It holds what the template cannot write.</exception>
    public long[] Prompt(Conversation conversation) => Encode(conversation, ChatRendering.Prompt).Ids;

    /// <summary>The special tokens that contents of a conversation hold as text: worth a look, though they give no orders.</summary>
    public IReadOnlyList<string> MarkersIn(Conversation conversation) =>
        [.. conversation.Turns.SelectMany(turn => Tokenizer.SpecialTokensIn(turn.Content)).Distinct()];
}
