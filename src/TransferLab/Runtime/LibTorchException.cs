namespace TransferLab.Runtime;

/// <summary>libtorch cannot be loaded. The message says what is missing and how to get it.</summary>
public sealed class LibTorchException(string message, Exception? inner = null) : Exception(message, inner);
