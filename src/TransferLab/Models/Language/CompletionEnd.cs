namespace TransferLab.Models;

/// <summary>Why an answer ended.</summary>
public enum CompletionEnd
{
    /// <summary>The model ended its turn, or wrote a stop text.</summary>
    Stop,

    /// <summary>It reached the most tokens that were allowed, or that the model reads.</summary>
    Length,
}
