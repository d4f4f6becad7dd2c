namespace TransferLab.Chat;

/// <summary>A conversation leaves no room for an answer. The message is one line.</summary>
/// <param name="tokens">Tokens of the prompt.</param>
/// <param name="most">Tokens that the model reads.</param>
public sealed class PromptTooLongException(int tokens, int most)
    : ArgumentException(
        FormattableString.Invariant($"The prompt has {tokens:N0} tokens, and the model reads {most:N0}, the answer included; shorten the conversation."))
{
    /// <summary>Tokens of the prompt.</summary>
    public int Tokens { get; } = tokens;

    /// <summary>Tokens that the model reads, prompt and answer together.</summary>
    public int Most { get; } = most;
}
