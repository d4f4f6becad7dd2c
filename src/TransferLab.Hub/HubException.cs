namespace TransferLab.Hub;

/// <summary>A model could not be had: one line that says what, where, and what to do.</summary>
public sealed class HubException : IOException
{
    /// <summary>A failure.</summary>
    /// <param name="message">One line.</param>
    /// <param name="inner">What caused it; null for nothing.</param>
    public HubException(string message, Exception? inner = null) : base(message, inner)
    {
    }

    /// <summary>Whether no server could be reached, so that what is in the cache is the best there is.</summary>
    internal bool IsUnreachable { get; init; }
}
