namespace TransferLab.Data;

/// <summary>The data cannot be used. The message says what is wrong, where, and what to do; the command line exits with 2.</summary>
public class DataException(string message, Exception? inner = null) : Exception(message, inner);
