namespace TransferLab.Networks.Weights;

/// <summary>A weights file cannot be used, or does not fit the network. The message names the file, the tensor and what is wrong.</summary>
public sealed class WeightsException(string message, Exception? inner = null) : Exception(message, inner);
