using System.Text;
using static TorchSharp.torch;

namespace TransferLab.Networks.Weights;

/// <summary>Fills a network's tensors from a file, all or none.</summary>
internal static class StateDictionary
{
    private const int MaxNamed = 1000;

    /// <summary>Copies every tensor of the file into the target of the same name. Shapes must be equal; nothing is broadcast.</summary>
    /// <param name="target">Names and tensors of the network; they are written to in place and keep type and device.</param>
    /// <param name="file">The weights. Floating-point types are converted to the target's; other types must be equal.</param>
    /// <param name="prefix">What the file's names have in front of the target's; tensors without it are then left alone.</param>
    /// <exception cref="WeightsException">
    /// A tensor is missing, unexpected or of another shape or type: all are named, and nothing was changed. Or the file turned out to be unreadable: the
    /// network is then filled in part.
    /// </exception>
    public static void LoadStrict(IReadOnlyDictionary<string, Tensor> target, SafetensorsFile file, string prefix = "") =>
        LoadStrict(target, (IWeightFile)file, prefix);

    /// <inheritdoc cref="LoadStrict(IReadOnlyDictionary{string, Tensor}, SafetensorsFile, string)"/>
    internal static void LoadStrict(IReadOnlyDictionary<string, Tensor> target, IWeightFile file, string prefix = "")
    {
        if (Difference(target, file, prefix) is { } difference)
        {
            throw new WeightsException($"{file.Path}: the weights do not fit the network{difference}");
        }

        using var gradients = no_grad();
        foreach (var (name, tensor) in target)
        {
            // One at a time: the whole file may not fit into memory beside the network.
            using var scope = NewDisposeScope();
            tensor.copy_(file.Read(prefix + name));
        }
    }

    // What is missing, unexpected or different, or null.
    private static string? Difference(IReadOnlyDictionary<string, Tensor> target, IWeightFile file, string prefix)
    {
        string[] missing = target.Keys.Where(name => !file.Tensors.ContainsKey(prefix + name)).Order(StringComparer.Ordinal).ToArray();
        string[] unexpected = file.Tensors.Keys
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal) && !target.ContainsKey(name[prefix.Length..]))
            .Order(StringComparer.Ordinal).ToArray();
        string[] different = target.OrderBy(item => item.Key, StringComparer.Ordinal)
            .Where(item => file.Tensors.TryGetValue(prefix + item.Key, out var entry) && !Fits(item.Value, entry))
            .Select(item => $"{item.Key} ({file.Tensors[prefix + item.Key]} for {Describe(item.Value)})").ToArray();
        if (missing.Length + unexpected.Length + different.Length == 0)
        {
            return null;
        }

        var message = new StringBuilder();
        Add(message, "missing", missing);
        Add(message, "unexpected", unexpected);
        Add(message, "of another shape or type", different);
        return message.ToString();
    }

    private static bool Fits(Tensor tensor, TensorEntry entry)
    {
        var type = TensorType.Find(entry.Type)?.Scalar ?? ScalarType.Float32; // Quantised blocks become float32.
        return tensor.shape.AsSpan().SequenceEqual(entry.Shape.ToArray())
            && (type == tensor.dtype || (IsFloating(type) && IsFloating(tensor.dtype)));
    }

    private static bool IsFloating(ScalarType type) =>
        type is ScalarType.Float64 or ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16;

    private static string Describe(Tensor tensor) => $"{TensorType.Of(tensor.dtype)?.Name ?? tensor.dtype.ToString()} [{string.Join(", ", tensor.shape)}]";

    private static void Add(StringBuilder message, string what, string[] names)
    {
        if (names.Length > 0)
        {
            // A network's own tensors are all named; a file could bring a million.
            string more = names.Length > MaxNamed ? $" and {names.Length - MaxNamed} more" : "";
            message.Append($"; {what}: {string.Join(", ", names.Take(MaxNamed))}{more}");
        }
    }
}
