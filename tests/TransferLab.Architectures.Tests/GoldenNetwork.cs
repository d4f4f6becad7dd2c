using System.Text.Json;
using TorchSharp;
using TransferLab.Networks.Weights;
using static TorchSharp.torch;

namespace TransferLab.Architectures.Tests;

/// <summary>
/// What a reference program computes for one network whose weights are given by a formula: Golden/NAME.json. Writes those weights as a folder in the hub's
/// layout, so that a test goes the whole way from files to gradients.
/// </summary>
internal sealed class GoldenNetwork : IDisposable
{
    private const double Tolerance = 1e-4;
    private const long Chunk = 1 << 16;
    private readonly JsonElement _golden;

    public GoldenNetwork(string name)
    {
        Runtime.LibTorch.Load();
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", name + ".json")));
        _golden = document.RootElement.Clone();
        Folder = Directory.CreateTempSubdirectory("golden-").FullName;
        Rows = [.. _golden.GetProperty("parameters").GetProperty("rows").EnumerateArray().Select(Row)];
    }

    /// <summary>The folder; removed with this object.</summary>
    public string Folder { get; }

    /// <summary>Configuration as <c>config.json</c> has it.</summary>
    public JsonElement Config => _golden.GetProperty("config");

    /// <summary>Every published tensor; the norm of its gradient is null for statistics.</summary>
    public IReadOnlyList<(string Name, long[] Shape, double? GradientNorm)> Rows { get; }

    /// <summary>Names and values of outputs.</summary>
    public JsonElement Outputs => _golden.GetProperty("outputs");

    /// <summary>The loss.</summary>
    public double Loss => _golden.GetProperty("loss").GetProperty("value").GetDouble();

    /// <summary>Token ids [N, T]; null for images.</summary>
    public Tensor? Ids => Matrix("ids") is { } rows
        ? tensor([.. rows.SelectMany(row => row).Select(value => (long)value)], [rows.Length, rows[0].Length])
        : null;

    /// <summary>Mask [N, T] float32; null where there is none.</summary>
    public Tensor? Mask => Matrix("mask") is { } rows
        ? tensor([.. rows.SelectMany(row => row).Select(value => (float)value)], [rows.Length, rows[0].Length])
        : null;

    /// <summary>Writes <c>model.safetensors</c> and <c>config.json</c>.</summary>
    public GoldenNetwork Write()
    {
        using DisposeScope scope = NewDisposeScope();
        SafetensorsWriter.Write(Path.Combine(Folder, "model.safetensors"), [.. Rows.Select(row => (row.Name, Fill(row.Name, row.Shape)))],
            new Dictionary<string, string> { ["format"] = "pt" });
        File.WriteAllText(Path.Combine(Folder, "config.json"), Config.GetRawText());
        return this;
    }

    /// <summary>The images of the formula, [N, 3, height, width] float32.</summary>
    public static Tensor Pixels(int images, int height, int width) => tensor(
        [.. from b in Enumerable.Range(0, images) from c in Enumerable.Range(0, 3) from i in Enumerable.Range(0, height) from j in Enumerable.Range(0, width)
            select ((((11 * b) + (37 * c) + (3 * i) + (5 * j)) % 256) - 127) / 128f],
        [images, 3, height, width]);

    /// <summary>Compares a tensor with an output of the reference: shape, first values, sum and sum of squares.</summary>
    public void AssertOutput(string name, Tensor actual)
    {
        JsonElement expected = Outputs.GetProperty(name);
        using DisposeScope scope = NewDisposeScope();
        Assert.Equal([.. expected.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())], actual.shape);
        Tensor flat = actual.detach().to(ScalarType.Float64).flatten();
        double squares = expected.GetProperty("sum_of_squares").GetDouble(), scale = Math.Sqrt(squares);
        double[] first = [.. expected.GetProperty("first").EnumerateArray().Select(value => value.GetDouble())];
        double mean = scale / Math.Sqrt(flat.numel());
        foreach ((double value, int i) in first.Select((value, i) => (value, i)))
        {
            double found = flat[i].item<double>();
            Assert.True(Math.Abs(found - value) <= Tolerance * Math.Max(Math.Abs(value), mean), $"{name}[{i}]: {found}, expected {value}");
        }

        Assert.True(Math.Abs(flat.sum().item<double>() - expected.GetProperty("sum").GetDouble()) <= Tolerance * scale,
            $"{name}: sum {flat.sum().item<double>()}");
        double foundSquares = flat.square().sum().item<double>();
        Assert.True(Math.Abs(foundSquares - squares) <= Tolerance * squares, $"{name}: sum of squares {foundSquares}, expected {squares}");
    }

    /// <summary>Compares the norms of all gradients with the reference's.</summary>
    /// <param name="gradient">The squared norm of the gradient that belongs to a published name; null where the network leaves the tensor aside.</param>
    public void AssertGradients(Func<string, double?> gradient)
    {
        double largest = Rows.Max(row => row.GradientNorm ?? 0);
        foreach ((string name, _, double? norm) in Rows.Where(row => row.GradientNorm is not null))
        {
            if (gradient(name) is { } squared)
            {
                double found = Math.Sqrt(squared);
                Assert.True(Math.Abs(found - norm!.Value) <= (Tolerance * norm.Value) + (1e-6 * largest), $"gradient of {name}: {found}, expected {norm}");
            }
        }
    }

    /// <summary>Compares a loss with the reference's.</summary>
    public void AssertLoss(Tensor loss)
    {
        double found = loss.to(ScalarType.Float64).item<double>();
        Assert.True(Math.Abs(found - Loss) <= Tolerance * Math.Abs(Loss), $"loss {found}, expected {Loss}");
    }

    /// <summary>The tensor that the formula gives for a name and shape, float32.</summary>
    public static Tensor Fill(string name, long[] shape)
    {
        long count = shape.Aggregate(1L, (product, size) => product * size);
        uint hash = 2166136261;
        foreach (byte b in System.Text.Encoding.UTF8.GetBytes(name))
        {
            hash = (hash ^ b) * 16777619;
        }

        float[] values = new float[count];
        double bound = shape.Length > 1 ? 2 * Math.Sqrt(3.0 * shape[0] / count) : 0;
        (double least, double range) = name.EndsWith("running_var", StringComparison.Ordinal) ? (0.9, 0.2)
            : shape.Length > 1 ? (-0.5 * bound, bound)
            : name.EndsWith("weight", StringComparison.Ordinal) ? (0.9, 0.2) : (-0.1, 0.2);
        bool isMatrix = shape.Length > 1;
        Parallel.For(0, (int)((count + Chunk - 1) / Chunk), chunk =>
        {
            for (long i = chunk * Chunk; i < Math.Min(count, (chunk + 1) * Chunk); i++)
            {
                uint x = unchecked((uint)(i * 2654435761L)) ^ hash;
                x = (x ^ (x >> 16)) * 0x85ebca6b;
                x = (x ^ (x >> 13)) * 0xc2b2ae35;
                x ^= x >> 16;
                double u = x / 4294967296.0;
                values[i] = (float)(isMatrix ? (u - 0.5) * bound : least + (range * u));
            }
        });

        return tensor(values, shape);
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static (string Name, long[] Shape, double? GradientNorm) Row(JsonElement row) => (
        row[0].GetString()!,
        [.. row[1].EnumerateArray().Select(size => size.GetInt64())],
        row.GetArrayLength() > 2 && row[2].ValueKind == JsonValueKind.Number ? row[2].GetDouble() : null);

    private double[][]? Matrix(string name) => _golden.GetProperty("input").TryGetProperty(name, out JsonElement rows)
        ? [.. rows.EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.GetDouble()).ToArray())]
        : null;
}
