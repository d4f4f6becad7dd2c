using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using SkiaSharp;
using TorchSharp;
using TorchSharp.Modules;
using TransferLab.Backbones;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Runtime;
using TransferLab.Strategies;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Benchmarks;

/// <summary>
/// How near the library comes to what this machine can do: the peak of its matrix products, its memory, its decoding of pictures; then features and training
/// steps in items a second, as a share of that peak, and as a share of what the network's own convolutions and products take alone, same shapes, same run.
/// </summary>
internal static class Limits
{
    private const int Square = 1536, CopiedMegabytes = 128, Pictures = 256, MiniLMLayers = 6, MiniLMHeads = 12, MiniLMWidth = 384;
    private const int FirstWord = 1000, Words = 3000;
    private const double LeastSeconds = 1.0;
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>One measured thing.</summary>
    /// <param name="What">Network, way and size.</param>
    /// <param name="Type">float32 or bfloat16.</param>
    /// <param name="ItemsPerSecond">Pictures or texts.</param>
    /// <param name="OfPeak">Floating-point operations a second against the best square product of that type; null where it is no matter of products.</param>
    /// <param name="OfProducts">Seconds of the network's convolutions and products alone against those of the whole.</param>
    internal sealed record Row(string What, string Type, double ItemsPerSecond, double? OfPeak, double? OfProducts);

    /// <summary>A convolution or product of a network: operands of the forward pass, operations of it, and whether the input needs a gradient.</summary>
    private sealed record Product(Func<Tensor, Tensor, Tensor> Of, long[] Input, long[] Weight, double Operations, bool IsFirst = false, bool ChannelsLast =
        false);

    /// <summary>Measures, prints a table, and keeps it as JSON.</summary>
    /// <param name="file">Where; null for nowhere.</param>
    public static int Run(string? file)
    {
        LibTorch.Load();
        Dictionary<ScalarType, double> peaks = new ScalarType[] { ScalarType.Float32, ScalarType.BFloat16 }.ToDictionary(type => type, Peak);
        double copied = Bandwidth();
        string threads = string.Create(CultureInfo.InvariantCulture, $"{get_num_threads()} threads");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{threads}; square products of {Square}: float32 {peaks[ScalarType.Float32]:F0} GFLOP/s, bfloat16 {peaks[ScalarType.BFloat16]:F0}; memory copied "
                + $"{copied:F1} GB/s"));
        ScalarType[] types = peaks[ScalarType.BFloat16] > peaks[ScalarType.Float32] ? [ScalarType.BFloat16, ScalarType.Float32] : [ScalarType.Float32];
        List<Row> rows = [];
        void Add(Row row)
        {
            rows.Add(row);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.What,-48} {row.Type,-9} {row.ItemsPerSecond,8:F1}/s")
                + (row is { OfPeak: { } peak, OfProducts: { } products }
                    ? string.Create(CultureInfo.InvariantCulture, $"   of the peak {peak,6:P0}   of its own products {products,6:P0}")
                    : ""));
        }

        foreach (ScalarType type in types)
        {
            foreach ((int size, int batch) in new[] { (224, 32), (128, 32), (128, 128), (96, 32), (96, 128) })
            {
                Images(size, batch, type, peaks[type], Add);
            }

            foreach ((int tokens, int batch) in new[] { (10, 32), (10, 128), (50, 32), (128, 32) })
            {
                Texts(tokens, batch, type, peaks[type], Add);
            }
        }

        Decoding(types[0], Add);
        if (file is not null)
        {
            object report =
                new
                {
                    Threads = get_num_threads(),
                    Float32 = peaks[ScalarType.Float32],
                    BFloat16 = peaks[ScalarType.BFloat16],
                    CopiedGigabytes = copied,
                    Rows = rows
                };
            File.WriteAllText(file, JsonSerializer.Serialize(report, s_json) + "\n");
        }

        return 0;
    }

    private static void Images(int size, int batch, ScalarType type, double peak, Action<Row> add)
    {
        Backbone backbone = ResNet18.ImageNetAt(size);
        using Tensor pixels = Operand([batch, size, size, 3], type, channelsLast: false), images = pixels.permute(0, 3, 1, 2);
        using BackboneNetwork body = backbone.Build();
        List<Product> products = Convolutions(body, batch, size);
        Measure($"ResNet-18, {size} px, batches of {batch}", backbone, Batch.FromTensor(images), batch, type, peak, products, [TransferStrategy.Full()], add);
    }

    private static void Texts(int tokens, int batch, ScalarType type, double peak, Action<Row> add)
    {
        Backbone backbone = MiniLM.English(maxTokens: Math.Max(tokens, 16));
        using Tensor ids = randint(FirstWord, FirstWord + Words, [batch, tokens], ScalarType.Int64), mask = ones([batch, tokens], type);
        long[] rows = [batch, tokens, MiniLMWidth];
        List<Product> products = [];
        for (int layer = 0; layer < MiniLMLayers; layer++)
        {
            products.AddRange(Enumerable.Repeat(Linear(rows, MiniLMWidth), 4));
            products.Add(Linear(rows, 4 * MiniLMWidth));
            products.Add(Linear([batch, tokens, 4 * MiniLMWidth], MiniLMWidth));
            long[] head = [batch, MiniLMHeads, tokens, MiniLMWidth / MiniLMHeads];
            double operations = 2.0 * batch * tokens * tokens * MiniLMWidth;
            products.Add(new((queries, keys) => matmul(queries, keys.transpose(2, 3)), head, head, operations));
            products.Add(new(matmul, [batch, MiniLMHeads, tokens, tokens], head, operations));
        }

        TransferStrategy[] trained = [TransferStrategy.Full(), TransferStrategy.LowRank(), TransferStrategy.SetFit()];
        Measure($"MiniLM, {tokens} tokens, batches of {batch}", backbone, new Batch(ids, mask), batch, type, peak, products, batch == 32
            ? trained
            : trained[..1], add);
    }

    /// <summary>Features and training steps of one network on one batch.</summary>
    private static void Measure(string what, Backbone backbone, Batch x, int batch, ScalarType type, double peak, List<Product> products,
        TransferStrategy[] trained, Action<Row> add)
    {
        double forward = products.Sum(product => product.Operations);
        using (BackboneNetwork body = backbone.CreatePretrained())
        {
            body.Module.eval();
            using TransferNetwork network = new(body, classes: 2, seed: 1);
            using IDisposable noGradient = no_grad(), held = network.HoldFrozen(type);
            double whole = Seconds(() => network.Prefix(x, body.Groups.Count));
            add(new($"{what}: features", Name(type), batch / whole, forward / whole / 1e9 / peak, Alone(products, type, trains: false) / whole));
        }

        double alone = Alone(products, type, trains: true);
        double all = products.Sum(product => (product.IsFirst ? 2 : 3) * product.Operations);
        foreach (TransferStrategy strategy in trained)
        {
            using TransferNetwork network = new(backbone.CreatePretrained(), classes: 2, seed: 1);
            Phase phase = Trainer.WithRates(strategy.Phases[0], Start.Pretrained, backbone.Recipe, network.Backbone.Groups.Count);
            network.Adapt(phase, seed: 1);
            FreezePlan plan = FreezePlan.Apply(network, phase);
            // Of a vocabulary only the words of the training texts train, as in the trainer.
            using IDisposable words = network.Backbone.CompactVocabulary([.. Enumerable.Range(FirstWord, Words).Select(id => (long)id)]);
            using OptimizerGroups optimizer = new(network, plan, phase, type);
            using Tensor rows = arange(batch, ScalarType.Int64), labels = rows.remainder(2);
            GradientStep step = new(new ObjectiveContext(network, new ClassificationTask(["a", "b"]), FrozenPrefix: 0), phase, optimizer);
            double whole = Seconds(() =>
            {
                step.Add(x with { Targets = labels });
                step.Update(0.1);
            });
            add(new($"{what}: step of {strategy.Name}", Name(type), batch / whole, all / whole / 1e9 / peak, alone / whole));
        }
    }

    /// <summary>Seconds that the products take one after the other, with nothing between them; with both gradients where a network trains.</summary>
    private static double Alone(List<Product> products, ScalarType type, bool trains)
    {
        double seconds = 0;
        foreach (IGrouping<string,
            Product> alike in products.GroupBy(product =>
                $"{string.Join(',', product.Input)} {string.Join(',', product.Weight)} {product.Operations} {product.IsFirst}"))
        {
            Product product = alike.First();
            using Tensor input = Operand(product.Input, type, product.ChannelsLast), weight = Operand(product.Weight, type, product.ChannelsLast);
            input.requires_grad_(trains && !product.IsFirst);
            weight.requires_grad_(trains);
            using IDisposable? noGradient = trains ? null : no_grad();
            seconds += alike.Count() * Seconds(() =>
            {
                Tensor output = product.Of(input, weight);
                if (trains)
                {
                    output.backward([output.detach()]);
                }
            }, LeastSeconds / 10);
        }

        return seconds;
    }

    private static Tensor Operand(long[] shape, ScalarType type, bool channelsLast)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor made = (rand(shape) - 0.5f).to(type);
        return (channelsLast ? ChannelsLast.Of(made) : made).MoveToOuterDisposeScope();
    }

    private static Product Linear(long[] rows, long outputs) =>
        new((x, w) => nn.functional.linear(x, w), rows, [outputs, rows[^1]], 2.0 * rows.Aggregate(1L, (a, b) => a * b) * outputs);

    /// <summary>The convolutions of a ResNet-18 in order, each with the size of what it gets.</summary>
    private static List<Product> Convolutions(BackboneNetwork body, int batch, int size)
    {
        List<Product> products = [];
        int at = size;
        foreach ((string name, nn.Module module) in body.Module.named_modules())
        {
            if (module is not Conv2d layer)
            {
                continue;
            }

            bool isShortcut = name.Contains("downsample", StringComparison.Ordinal) || name.Contains("shortcut", StringComparison.Ordinal);
            int stride = (int)layer.stride![0], input = isShortcut ? at * stride : at, output = input / stride;
            long[] weight = layer.weight!.shape;
            products.Add(new((x, w) => nn.functional.conv2d(x, w, null, layer.stride, layer.padding, layer.dilation), [batch, weight[1], input, input], weight,
                2.0 * batch * output * output * weight.Aggregate(1L, (a, b) => a * b), IsFirst: products.Count == 0, ChannelsLast: true));
            at = products.Count == 1 ? output / 2 : isShortcut ? at : output; // The first is pooled after.
        }

        return products;
    }

    /// <summary>Pictures as they come from a camera, decoded alone and on the way into features.</summary>
    private static void Decoding(ScalarType type, Action<Row> add)
    {
        string folder = Directory.CreateTempSubdirectory("transferlab-limits-").FullName;
        try
        {
            Example[] pictures = [.. Enumerable.Range(0, Pictures).Select(i => new Example($"{i}", Picture(folder, i), 0, $"{i}"))];
            Backbone backbone = ResNet18.ImageNetAt(224);
            double decoding = Seconds(() => backbone.Encoder.Encode(pictures, null, default));
            add(new("JPEG of 500 x 375 to 224 px: decoding", Name(type), Pictures / decoding, null, null));
            ComputeDevice compute = ComputeDevice.Choose("cpu", Name(type));
            using BackboneNetwork network = backbone.CreatePretrained();
            double whole = Seconds(() => new FeatureExtractor(network, backbone.Encoder, compute, new FeatureCache()).Extract(pictures, network.Groups.Count,
                null, null, default));
            add(new("ResNet-18, 224 px: features, with decoding", Name(type), Pictures / whole, null, null));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Picture(string folder, int seed)
    {
        Random random = new(seed);
        using SKBitmap bitmap = new(500, 375);
        using (SKCanvas canvas = new(bitmap))
        {
            for (int i = 0; i < 60; i++)
            {
                using SKPaint paint = new() { Color = new((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)), IsAntialias = true };
                canvas.DrawCircle(random.Next(500), random.Next(375), random.Next(10, 120), paint);
            }
        }

        string path = Path.Combine(folder, $"{seed}.jpg");
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 90);
        File.WriteAllBytes(path, data.ToArray());
        return path;
    }

    internal static double Peak(ScalarType type)
    {
        using Tensor a = Operand([Square, Square], type, false), b = Operand([Square, Square], type, false);
        return 2.0 * Square * Square * Square / Seconds(() => a.mm(b)) / 1e9;
    }

    /// <summary>Gigabytes a second, read and written.</summary>
    private static double Bandwidth()
    {
        using Tensor from = rand([CopiedMegabytes << 18]), to = zeros_like(from);
        return 2.0 * from.numel() * sizeof(float) / Seconds(() => to.copy_(from)) / 1e9;
    }

    /// <summary>The fastest of several calls: others use the machine too.</summary>
    private static double Seconds(Action call, double least = LeastSeconds)
    {
        double best = double.MaxValue;
        Stopwatch clock = Stopwatch.StartNew();
        for (int i = 0; i < 3 || clock.Elapsed.TotalSeconds < least; i++)
        {
            long start = Stopwatch.GetTimestamp();
            using (DisposeScope scope = NewDisposeScope())
            {
                call();
            }

            best = i == 0 ? best : Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return best;
    }

    private static string Name(ScalarType type) => type == ScalarType.Float32 ? "float32" : "bfloat16";
}
