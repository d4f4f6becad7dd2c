namespace TransferLab.Data;

/// <summary>A text file without the column of labels: of a test it says more than of another file.</summary>
internal sealed class NoLabelsException(string message) : DataException(message);
