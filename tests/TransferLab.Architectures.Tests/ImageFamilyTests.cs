using SkiaSharp;
using TorchSharp;
using TransferLab.Comparison.Inspection;
using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Networks.Architectures;
using TransferLab.Prediction;
using TransferLab.Runtime;
using TransferLab.Strategies;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Architectures.Tests;

/// <summary>Every family of images trains by every kind of strategy, is saved, loaded and exported, and computes in bfloat16.</summary>
public sealed class ImageFamilyTests : IDisposable
{
    private static readonly Dictionary<string, Func<ArchitectureDescription>> s_families = new()
    {
        ["bottlenecks"] = () => new ResNetArchitecture().Of(new ResNetShape { Blocks = [1, 1], Widths = [16, 32], Inner = [8, 8], Groups = 2, Stem = 8 }),
        ["cifar"] = () =>
            new ResNetArchitecture().Of(new ResNetShape { Blocks = [1, 1, 1], Widths = [8, 16, 32], Stem = 8, Small = true, PaddedShortcuts = true }),
        ["mobilenet"] = () =>
            new InvertedResidualArchitecture()
                .Of(new InvertedResidualShape
                {
                    Stem = 8,
                    Blocks = ["k3 s1 c8 Relu6 r", "k3 s2 e16 c8 Relu6", "k5 s2 e24 c16 Relu6"],
                    Head = 32,
                    SamePadding = true,
                    Epsilon = 1e-3
                }),
        ["efficientnet"] = () =>
            new InvertedResidualArchitecture()
                .Of(new InvertedResidualShape
                {
                    Stem = 8,
                    StemActivation = Activation.Silu,
                    Blocks = ["k3 s1 c8 q4 Silu", "k5 s2 e24 c8 q4 Silu", "k3 s1 e24 c8 q4 Silu r"],
                    Head = 32,
                    HeadActivation = Activation.Silu
                }),
        ["mobilenetv3"] = () =>
            new InvertedResidualArchitecture()
                .Of(new InvertedResidualShape
                {
                    Stem = 8,
                    StemActivation = Activation.HardSwish,
                    Blocks = ["k3 s2 c8 q8 Relu", "k5 s1 e24 c8 q8 HardSwish r"],
                    Head = 32,
                    HeadActivation = Activation.HardSwish,
                    Features = 48,
                    HardSqueeze = true
                }),
        ["vit"] = () =>
            new VisionTransformerArchitecture()
                .Of(new VisionTransformerShape { Layers = 2, Width = 16, Heads = 2, FeedForward = 32, Patch = 8, Grid = 3, Registers = 2, LayerScale = true }),
        ["clip"] = () =>
            new VisionTransformerArchitecture()
                .Of(new VisionTransformerShape
                {
                    Layers = 1,
                    Width = 16,
                    Heads = 2,
                    FeedForward = 32,
                    Patch = 8,
                    Grid = 4,
                    PatchBias = false,
                    InputNorm = true,
                    Activation = Activation.QuickGelu,
                    Epsilon = 1e-5
                }),
        ["convnext"] = () => new ConvNextArchitecture().Of(new ConvNextShape { Depths = [1, 1], Widths = [8, 16] }),
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("families-").FullName;
    private readonly LabeledData _data;

    public ImageFamilyTests()
    {
        LibTorch.Load();
        _data = Draw(Path.Combine(_folder, "data"));
    }

    public static TheoryData<string> Families => [.. s_families.Keys];

    [Theory]
    [MemberData(nameof(Families))]
    public void A_family_trains_by_low_rank_and_in_full_and_its_file_and_its_ONNX_export_predict_the_same(string family)
    {
        Backbone backbone = Create(family);
        FamilyChecks.TrainsSavesAndExports(backbone, _data, _folder, [TransferStrategy.Full(), TransferStrategy.LowRank(), TransferStrategy.Frozen()]);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_family_computes_nearly_the_same_in_bfloat16_and_with_weights_prepared_for_many_batches(string family)
    {
        Backbone backbone = Create(family);
        using BackboneNetwork network = backbone.CreateRandom(seed: 3);
        network.Module.eval();
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        using Tensor raw = backbone.Encoder.Encode(_data.Test, null, default);
        Tensor Features(ScalarType type) => network.Prefix(backbone.Encoder.Normalize(raw, CPU, type), network.Groups.Count).Values;
        Tensor single = Features(ScalarType.Float32);
        using (network.CastWeights(network.Groups.Count, ScalarType.Float32))
        {
            Assert.InRange((Features(ScalarType.Float32) - single).abs().max().item<float>() / single.abs().max().item<float>(), 0, 1e-4);
        }

        using (network.CastWeights(network.Groups.Count, ScalarType.BFloat16))
        {
            Assert.InRange(nn.functional.cosine_similarity(Features(ScalarType.BFloat16), single, dim: 1).min().item<float>(), 0.99, 1.01);
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Gradients_in_bfloat16_point_where_those_in_float32_do(string family)
    {
        Backbone backbone = Create(family);
        using BackboneNetwork network = backbone.CreateRandom(seed: 3);
        network.Module.eval();
        using DisposeScope scope = NewDisposeScope();
        Tensor raw = backbone.Encoder.Encode(_data.Test, null, default);
        Tensor Gradient(ScalarType type)
        {
            network.Module.zero_grad();
            network.Prefix(backbone.Encoder.Normalize(raw, CPU, type), network.Groups.Count).Values.square().mean().backward();
            return cat([.. network.Module.parameters().Select(parameter => parameter.grad!.flatten().clone())]);
        }

        Assert.InRange(nn.functional.cosine_similarity(Gradient(ScalarType.Float32), Gradient(ScalarType.BFloat16), dim: 0).item<float>(), 0.98, 1.01);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_family_shows_where_it_looked(string family)
    {
        Backbone backbone = Create(family);
        using TransferNetwork network = new(backbone.CreateRandom(seed: 3), 2, seed: 4);
        (float[] map, int height, int width) = GradCam.Map(network, backbone.Encoder, new(CPU, ScalarType.Float32), _data.Test[0], 1, default)!.Value;
        Assert.Equal(height * width, map.Length);
        Assert.Equal(height, width);
        Assert.All(map, value => Assert.InRange(value, 0, 1));
        Assert.All(network.Backbone.Module.parameters(), parameter => Assert.Null(parameter.grad));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    internal static Backbone Create(string family)
    {
        ArchitectureDescription architecture = s_families[family]();
        return new()
        {
            Card = new() { Name = family },
            Architecture = architecture,
            Build = architecture.Build,
            LoadWeights = _ => { },
            Recipe = architecture.Architecture.Recipe,
            Encoder = new ImageEncoder(32, new float[] { 120, 115, 105 }, [58f, 57f, 60f])
            {
                Crop = 0.875,
                Filter = ImageFilter.Cubic,
                Fit = family.StartsWith("vit", StringComparison.Ordinal) ? ImageFit.Squash : ImageFit.Crop,
            },
        };
    }

    /// <summary>Twenty little pictures of two classes, in a folder.</summary>
    internal static LabeledData Draw(string folder)
    {
        foreach ((int label, int i) in Enumerable.Range(0, 2).SelectMany(label => Enumerable.Range(0, 10).Select(i => (label, i))))
        {
            Draw(Path.Combine(folder, i < 7 ? "train" : "test", $"class{label}"), label, i);
        }

        return ImageFolder.Read(folder).Data;
    }

    private static void Draw(string folder, int label, int seed)
    {
        Directory.CreateDirectory(folder);
        Random random = new((100 * label) + seed);
        using SKBitmap bitmap = new(40, 36);
        for (int y = 0; y < bitmap.Height; y++)
        {
            for (int x = 0; x < bitmap.Width; x++)
            {
                byte light = (byte)(random.Next(80) + (label == 0 ? 4 * x : 4 * y));
                bitmap.SetPixel(x, y, new(light, (byte)(255 - light), (byte)(40 * label)));
            }
        }

        using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        File.WriteAllBytes(Path.Combine(folder, $"{seed}.png"), png.ToArray());
    }
}
