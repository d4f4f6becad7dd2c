using Onnx;
using TransferLab.Networks.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks.Architectures;

/// <summary>
/// Fills a <see cref="ResNet"/> from an ONNX graph of convolutions, each followed by its own batch normalisation. The graph's order is
/// torchvision's, except that the 1x1 shortcut of a down-sampling block comes before the block's two convolutions.
/// </summary>
internal static class OnnxResNet
{
    /// <summary>Copies all weights and statistics; every convolution of the file must find its place.</summary>
    /// <param name="network">A <see cref="ResNet"/> with as many blocks as the graph.</param>
    /// <param name="path">The ONNX file.</param>
    /// <exception cref="WeightsException">The file is damaged or has another architecture.</exception>
    public static void LoadWeights(Module network, string path)
    {
        OnnxWeights weights = OnnxWeights.Read(path);
        Dictionary<string, Tensor> state = network.state_dict();
        List<(string Convolution, string Norm)> units = Units(state.Keys);
        List<NodeProto> convolutions = [.. weights.Nodes.Where(node => node.OpType == "Conv")];
        if (convolutions.Count != units.Count)
        {
            throw new WeightsException($"{path}: {convolutions.Count} convolutions, expected {units.Count}; it is another architecture.");
        }

        using IDisposable noGradient = no_grad();
        for (int i = 0; i < units.Count; i++)
        {
            NodeProto norm = weights.Nodes.SingleOrDefault(node => node.OpType == "BatchNormalization" && node.Input[0] == convolutions[i].Output[0])
                ?? throw new WeightsException(
                    $"{path}: no batch normalisation follows the convolution '{convolutions[i].Output[0]}'; it is another architecture.");
            Copy(weights, convolutions[i].Input[1], state[units[i].Convolution + ".weight"]);
            string[] names = [".weight", ".bias", ".running_mean", ".running_var"];
            for (int j = 0; j < names.Length; j++)
            {
                Copy(weights, norm.Input[j + 1], state[units[i].Norm + names[j]]);
            }
        }
    }

    private static void Copy(OnnxWeights weights, string constant, Tensor target)
    {
        using Tensor values = tensor(weights.Floats(constant, target.shape), target.shape);
        target.copy_(values);
    }

    /// <summary>Names of convolutions and their norms, in the graph's order.</summary>
    private static List<(string Convolution, string Norm)> Units(IEnumerable<string> stateNames)
    {
        HashSet<string> names = [.. stateNames];
        List<(string, string)> units = [("conv1", "bn1")];
        for (int stage = 1; stage <= 4; stage++)
        {
            for (int block = 0; names.Contains($"layer{stage}.{block}.conv1.weight"); block++)
            {
                string prefix = $"layer{stage}.{block}.";
                if (names.Contains(prefix + "downsample.0.weight"))
                {
                    units.Add((prefix + "downsample.0", prefix + "downsample.1"));
                }

                units.Add((prefix + "conv1", prefix + "bn1"));
                units.Add((prefix + "conv2", prefix + "bn2"));
            }
        }

        return units;
    }
}
