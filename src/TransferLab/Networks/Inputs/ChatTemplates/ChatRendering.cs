namespace TransferLab.Networks;

/// <summary>How a conversation is written.</summary>
public sealed record ChatRendering
{
    /// <summary>Everything as it stands, every assistant's turn of weight 1 trained.</summary>
    public static ChatRendering Whole { get; } = new();

    /// <summary>For a model to go on: the head of an answer is put behind the last turn.</summary>
    public static ChatRendering Prompt { get; } = new() { GenerationHead = true };

    /// <summary>Whether the head of an assistant's turn is put behind the last turn.</summary>
    public bool GenerationHead { get; init; }

    /// <summary>Whether only the last assistant's turn of weight 1 is trained, and not all of them.</summary>
    public bool TrainLastOnly { get; init; }
}
