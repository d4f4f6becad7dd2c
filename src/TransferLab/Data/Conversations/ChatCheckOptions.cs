namespace TransferLab.Data;

/// <summary>How chat data is checked.</summary>
public sealed record ChatCheckOptions
{
    private readonly int? maxTokens;

    /// <summary>By whose rules.</summary>
    public ChatHost Host { get; init; } = ChatHost.OpenAI;

    /// <summary>A file of held-out rows, checked too and compared with those for training; null where there is none.</summary>
    public string? TestPath { get; init; }

    /// <summary>Rows with more tokens are reported; null reports none. At least 1.</summary>
    /// <exception cref="ArgumentException">Below 1.</exception>
    public int? MaxTokens
    {
        get => maxTokens;
        init => maxTokens = value is null or >= 1 ? value : throw new ArgumentException($"a limit of {value} tokens is no limit; at least 1 is allowed.");
    }

    /// <summary>Measures a conversation by the template and the tokenizer of the model that will train; null estimates (<see cref="TokenEstimate"/>).</summary>
    public Func<Conversation, ConversationSize>? Measure { get; init; }
}
