using System.Text;
using static TorchSharp.torch;

namespace TransferLab.Tests.Training;

/// <summary>Weights by the formula of the golden files, which makes those of the reference programs from a parameter's name and index.</summary>
internal static class GoldenWeights
{
    /// <summary>Fills every parameter and floating buffer.</summary>
    /// <param name="state">Names and tensors.</param>
    /// <param name="nameOf">What the reference program calls one.</param>
    public static void Fill(IEnumerable<KeyValuePair<string, Tensor>> state, Func<string, string> nameOf)
    {
        using IDisposable noGradient = no_grad();
        foreach ((string name, Tensor value) in state.Where(pair => pair.Value.is_floating_point()))
        {
            using Tensor made = tensor(Values(nameOf(name), value.shape), value.shape);
            value.copy_(made);
        }
    }

    private static float[] Values(string name, long[] shape)
    {
        long count = shape.Aggregate(1L, (product, size) => product * size);
        uint hash = Encoding.UTF8.GetBytes(name).Aggregate(2166136261u, (h, b) => (h ^ b) * 16777619u);
        return [.. Enumerable.Range(0, (int)count).Select(i => (float)Value(Uniform((uint)i, hash), name, shape, count))];
    }

    private static double Uniform(uint index, uint hash)
    {
        uint x = (index * 2654435761u) ^ hash;
        x = (x ^ (x >> 16)) * 0x85ebca6bu;
        x = (x ^ (x >> 13)) * 0xc2b2ae35u;
        return (x ^ (x >> 16)) / 4294967296.0;
    }

    private static double Value(double u, string name, long[] shape, long count) =>
        name.EndsWith("running_var", StringComparison.Ordinal) ? 0.9 + (0.2 * u)
        : shape.Length <= 1 ? (name.EndsWith("weight", StringComparison.Ordinal) ? 0.9 + (0.2 * u) : 0.2 * (u - 0.5))
        : (u - 0.5) * 2 * Math.Sqrt(3.0 * shape[0] / count);
}
