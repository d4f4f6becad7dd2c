namespace TransferLab.Cli.Hosted;

/// <summary>A host failed, or refused: one line, without the key.</summary>
internal sealed class HostException(string message) : IOException(message);
