namespace TransferLab.Models;

/// <summary>How an ONNX file stores the weights of a network, and computes with them.</summary>
public enum OnnxPrecision
{
    /// <summary>float32: the same probabilities as the network's, within rounding.</summary>
    Float32,

    /// <summary>
    /// int8, about a quarter of the size: matrix products of texts on integers, quantized dynamically; convolutions of images and embeddings in
    /// float32, of weights stored as int8. Measure what it costs in accuracy.
    /// </summary>
    Int8,
}
