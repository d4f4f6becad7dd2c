namespace TransferLab.Networks;

/// <summary>A tokenizer's files are missing, damaged, or of a kind that is not read. The message is one line: what, where, what to do.</summary>
public sealed class TokenizerException(string message, Exception? inner = null) : Exception(message, inner);
