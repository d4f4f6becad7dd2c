namespace TransferLab.Networks;

/// <summary>How a language model writes.</summary>
public sealed record GenerationOptions
{
    private readonly int _maxTokens = 256, _topK;
    private readonly double _temperature, _topP = 1;

    /// <summary>Most tokens of an answer, 1 to 1,048,576.</summary>
    public int MaxTokens
    {
        get => _maxTokens;
        init => _maxTokens = value is >= 1 and <= 1 << 20 ? value : throw new ArgumentException($"An answer has 1 to {1 << 20} tokens, not {value}.");
    }

    /// <summary>0 takes the most likely token every time (greedy); above that logits are divided by it before one is drawn. At most 100.</summary>
    public double Temperature
    {
        get => _temperature;
        init => _temperature = value is >= 0 and <= 100 ? value : throw new ArgumentException(Say($"The temperature is 0 to 100, not {value}."));
    }

    /// <summary>Draws from the most likely tokens that together have this probability (Holtzman et al. 2020, arXiv:1904.09751); 1 for all.</summary>
    public double TopP
    {
        get => _topP;
        init => _topP = value is > 0 and <= 1 ? value : throw new ArgumentException(Say($"top-p is above 0 and at most 1, not {value}."));
    }

    /// <summary>Draws from so many most likely tokens; 0 for all.</summary>
    public int TopK
    {
        get => _topK;
        init => _topK = value >= 0 ? value : throw new ArgumentException(Say($"top-k is 0 or more, not {value}."));
    }

    /// <summary>Seed of the draws: the same gives the same answer on the same machine.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Texts at which an answer ends; they are not part of it.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    private static string Say(FormattableString text) => FormattableString.Invariant(text);
}
