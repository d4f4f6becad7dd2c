using TransferLab.Networks.Weights;

namespace TransferLab.Networks.Architectures;

/// <summary>Reads the mean image that a preprocessing graph subtracts.</summary>
internal static class OnnxMeanImage
{
    /// <summary>The constant <paramref name="name"/> of shape [1, 3, <paramref name="size"/>, <paramref name="size"/>], as planes.</summary>
    /// <exception cref="WeightsException">The file is damaged or holds no such constant.</exception>
    public static float[] Read(string path, string name, int size) => OnnxWeights.Read(path).Floats(name, [1, 3, size, size]);
}
