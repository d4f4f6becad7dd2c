using Onnx;
using TransferLab.Networks.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks.Architectures;

/// <summary>
/// Fills a network with Hugging Face's parameter names from an exported ONNX graph. Most constants keep their names; the export renames a
/// matrix, which is found by its use: it multiplies what <c>X.bias</c> is then added to, and is the transpose of <c>X.weight</c>.
/// </summary>
internal static class OnnxBert
{
    private const string Weight = ".weight", Bias = ".bias";

    /// <summary>Copies all weights; each of the network's must be in the file.</summary>
    /// <param name="network">A <see cref="BertNetwork"/> of the file's shape.</param>
    /// <param name="onnx">The ONNX file's content.</param>
    /// <param name="name">What messages call the file.</param>
    /// <exception cref="WeightsException">The file is damaged or has another architecture.</exception>
    public static void LoadWeights(Module network, Stream onnx, string name)
    {
        OnnxWeights weights = OnnxWeights.Read(onnx, name);
        using IDisposable noGradient = no_grad();
        foreach ((string parameter, Tensor target) in network.state_dict())
        {
            if (weights.Has(parameter))
            {
                Copy(weights.Floats(parameter, target.shape), target.shape, target, transposed: false);
            }
            else
            {
                long[] shape = [.. Enumerable.Reverse(target.shape)];
                Copy(weights.Floats(MatrixOf(weights, parameter, name), shape), shape, target, transposed: true);
            }
        }
    }

    /// <summary>The constant of the product to which the bias beside a weight is added.</summary>
    private static string MatrixOf(OnnxWeights weights, string parameter, string name)
    {
        string bias = parameter.EndsWith(Weight, StringComparison.Ordinal) ? parameter[..^Weight.Length] + Bias : "";
        NodeProto? sum = weights.Nodes.FirstOrDefault(node => node.OpType == "Add" && node.Input.Contains(bias));
        NodeProto? product = sum is null ? null : weights.Nodes.FirstOrDefault(node => node.OpType == "MatMul" && sum.Input.Contains(node.Output[0]));
        return product?.Input[1]
            ?? throw new WeightsException($"{name}: no matrix is multiplied in front of '{bias}' for '{parameter}'; it is another architecture.");
    }

    private static void Copy(float[] values, long[] shape, Tensor target, bool transposed)
    {
        using Tensor source = tensor(values, shape);
        using Tensor view = transposed ? source.t() : source.alias();
        target.copy_(view);
    }
}
