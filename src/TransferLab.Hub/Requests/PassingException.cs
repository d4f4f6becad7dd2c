namespace TransferLab.Hub;

/// <summary>A failure that may pass: another try is worth it.</summary>
internal sealed class PassingException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What pause the server asks for; null where it does not say.</summary>
    public TimeSpan? Pause { get; init; }

    /// <summary>Whether no server was reached.</summary>
    public bool IsUnreachable { get; init; }
}
