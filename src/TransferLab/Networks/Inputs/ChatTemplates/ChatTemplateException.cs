namespace TransferLab.Networks;

/// <summary>A model's chat template is not known, or a conversation is not what it can write. The message is one line: what, where, what to do.</summary>
public sealed class ChatTemplateException(string message) : Exception(message);
