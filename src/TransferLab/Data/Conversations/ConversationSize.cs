namespace TransferLab.Data;

/// <summary>How long a conversation is for the model that will train on it.</summary>
/// <param name="Tokens">All tokens, those of the template included.</param>
/// <param name="Trained">Those that are trained: contents of trained turns, and what ends them.</param>
public sealed record ConversationSize(int Tokens, int Trained)
{
    /// <summary>Why the model's template cannot write it; null where it can.</summary>
    public string? Refusal { get; init; }

    /// <summary>About how long it is before a tokenizer is at hand; see <see cref="TokenEstimate"/>.</summary>
    public static ConversationSize Estimate(Conversation conversation) => new(
        TokenEstimate.Of(conversation, TokenEstimate.Of),
            conversation.Turns.Where(turn => turn.IsTrained).Sum(turn => TokenEstimate.Of(turn, TokenEstimate.Of)));
}
