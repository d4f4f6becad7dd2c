using TransferLab.Networks.Weights;

namespace TransferLab.Networks.Architectures;

/// <summary>Keras' tensors as PyTorch has them: names with dots, kernels outputs first.</summary>
internal static class KerasNames
{
    private static readonly Dictionary<string, string> s_endings = new(StringComparer.Ordinal)
    {
        ["kernel"] = "weight",
        ["depthwise_kernel"] = "weight",
        ["bias"] = "bias",
        ["gamma"] = "weight",
        ["beta"] = "bias",
        ["moving_mean"] = "running_mean",
        ["moving_variance"] = "running_var",
    };

    /// <summary>Renames <c>layer/kernel</c> to <c>layer.weight</c> and so on, and turns kernels.</summary>
    public static MappedWeights Convert(MappedWeights weights)
    {
        foreach ((string name, TensorEntry entry) in weights.Tensors.Where(tensor => tensor.Value.Shape.Count == 4).ToArray())
        {
            int[] order = Ending(name) == "depthwise_kernel" ? [2, 3, 0, 1] : [3, 2, 0, 1];
            weights.Turn(name, [.. order.Select(axis => entry.Shape[axis])], kernel => kernel.permute([.. order.Select(axis => (long)axis)]));
        }

        return weights.Rename(name => s_endings.TryGetValue(Ending(name), out string? ending) ? Layer(name) + "." + ending : name);
    }

    private static string Ending(string name) => name[(name.LastIndexOf('/') + 1)..].Split(':')[0];

    private static string Layer(string name) => name.LastIndexOf('/') is > 0 and var slash ? name[..slash] : name;
}
