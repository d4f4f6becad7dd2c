using System.Text;
using static TorchSharp.torch;

namespace TransferLab.Networks.Weights;

/// <summary>Fills a network's tensors from a file, all or none.</summary>
public static class StateDictionary
{
    /// <summary>Copies every tensor of the file into the target of the same name. Shapes must be equal; nothing is broadcast.</summary>
    /// <param name="target">Names and tensors of the network; they are written to in place and keep type and device.</param>
    /// <param name="file">The weights. Floating-point types are converted to the target's; other types must be equal.</param>
    /// <param name="prefix">What the file's names have in front of the target's; tensors without it are then left alone.</param>
    /// <exception cref="WeightsException">A tensor is missing, unexpected or of another shape or type: all are named, and nothing was changed.</exception>
    public static void LoadStrict(IReadOnlyDictionary<string, Tensor> target, SafetensorsFile file, string prefix = "")
    {
        Check(target, file, prefix);
        using var scope = NewDisposeScope();
        using var gradients = no_grad();

        // All are read before the first is written: a disk that fails half-way changes nothing.
        var read = target.Select(item => (item.Value, Source: file.Read(prefix + item.Key))).ToArray();
        foreach (var (tensor, source) in read)
        {
            tensor.copy_(source);
        }
    }

    private static void Check(IReadOnlyDictionary<string, Tensor> target, SafetensorsFile file, string prefix)
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
            return;
        }

        var message = new StringBuilder($"{file.Path}: the weights do not fit the network");
        Add(message, "missing", missing);
        Add(message, "unexpected", unexpected);
        Add(message, "of another shape or type", different);
        throw new WeightsException(message.ToString());
    }

    private static bool Fits(Tensor tensor, TensorEntry entry)
    {
        var type = TensorType.Find(entry.Type)!.Value.Scalar;
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
            message.Append($"; {what}: {string.Join(", ", names)}");
        }
    }
}
