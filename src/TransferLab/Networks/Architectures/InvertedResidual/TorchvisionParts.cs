using TransferLab.Networks.Weights;

namespace TransferLab.Networks.Architectures;

/// <summary>Inverted residuals as torchvision numbers their parts: an expansion where there is one, the convolution of each channel, squeeze-and-excitation
/// where there is one, the projection.</summary>
internal static class TorchvisionParts
{
    /// <summary>The parts of a block whose names begin so.</summary>
    /// <exception cref="WeightsException">The first convolution is missing, or one of 3x3 over all channels, as EfficientNetV2 has.</exception>
    public static PublishedBlock Block(MappedWeights weights, string name, int stride, Activation activation)
    {
        int at = 0;
        (string, string)? expand = null;
        if (weights.Size(name + "0.0.weight", 1, 4) != 1)
        {
            if (weights.Size(name + "0.0.weight", 2, 4) != 1)
            {
                throw new WeightsException($"{weights.Path}: '{name}0.0.weight' expands by 3x3, as EfficientNetV2 does, which is not built.");
            }

            expand = (name + "0.0", name + "0.1");
            at++;
        }

        (string, string) depthwise = ($"{name}{at}.0", $"{name}{at}.1");
        at++;
        (string, string)? squeeze = null;
        if (weights.Tensors.ContainsKey($"{name}{at}.fc1.weight"))
        {
            squeeze = ($"{name}{at}.fc1", $"{name}{at}.fc2");
            at++;
        }

        return new()
        {
            Expand = expand,
            Depthwise = depthwise,
            Squeeze = squeeze,
            Project = ($"{name}{at}.0", $"{name}{at}.1"),
            Stride = stride,
            Activation = activation,
        };
    }
}
