namespace TransferLab.Training;

/// <summary>The loss of gradient steps became infinite or no number: nothing is learned from there on. The message says in which epoch, and the rates that were
/// too high.</summary>
public sealed class DivergedException(string message) : InvalidOperationException(message);
