using System.Globalization;
using System.Text.Json;
using TransferLab.Networks;
using TransferLab.Networks.Architectures;

namespace TransferLab.Architectures.Tests;

/// <summary>Networks of the published sizes have as many parameters and tensors as the published models; docs/backbones.md says so.</summary>
public sealed class PublishedImageSizesTests
{
    private static readonly Func<Sized>[] s_models =
    [
        () => ResNet("torchvision resnet18", new() { Blocks = [2, 2, 2, 2] }, classes: 1000),
        () => ResNet("torchvision resnet34", new() { Blocks = [3, 4, 6, 3] }, classes: 1000),
        () => ResNet("torchvision resnet50", new() { Blocks = [3, 4, 6, 3], Widths = [256, 512, 1024, 2048], Inner = [64, 128, 256, 512] }, classes: 1000),
        () => ResNet("resnet-50", new() { Blocks = [3, 4, 6, 3], Widths = [256, 512, 1024, 2048], Inner = [64, 128, 256, 512] }, classes: 0),
        () => Inverted("torchvision mobilenet_v2", Mobile(), classes: 1000),
        () => Inverted("torchvision mobilenet_v3_small", Small(null), classes: 1000) with
        {
            ParametersAside = 590_848 + 1_025_000,
            TensorsAside = 4,
            Aside = "classifier of two layers",
        },
        () => Inverted("timm mobilenetv3_small_100", Small(1024), classes: 1000),
        () => Inverted("torchvision efficientnet_b0", Efficient(squeezes: true), classes: 1000),
        () => Inverted("timm efficientnet_lite0", Efficient(squeezes: false), classes: 1000),
        () => Next("torchvision convnext_tiny", classes: 1000),
        () => Next("timm convnext_tiny", classes: 1000),
        () => Next("convnext-tiny", classes: 0),
        () => Joined(Vit("torchvision vit_b_16", new() { Layers = 12, Width = 768, Heads = 12, FeedForward = 3072, Patch = 16, Grid = 14 }, classes: 1000)),
        () => Joined(Vit("timm vit_tiny_patch16_224", new() { Layers = 12, Width = 192, Heads = 3, FeedForward = 768, Patch = 16, Grid = 14 }, classes: 1000)),
        () => Joined(Vit("timm vit_small_patch14_dinov2",
            new() { Layers = 12, Width = 384, Heads = 6, FeedForward = 1536, Patch = 14, Grid = 37, LayerScale = true }, classes: 0)),
        () => Vit("vit-base-patch16-224", new() { Layers = 12, Width = 768, Heads = 12, FeedForward = 3072, Patch = 16, Grid = 14 },
            classes: 0) with { ParametersAside = 590_592, TensorsAside = 2, Aside = "pooler" },
        () => Vit("dinov2-base", new() { Layers = 12, Width = 768, Heads = 12, FeedForward = 3072, Patch = 14, Grid = 37, LayerScale = true },
            classes: 0) with { ParametersAside = 768, TensorsAside = 1, Aside = "mask token" },
        () => Vit("clip-vit-base-patch32 vision",
            new() { Layers = 12, Width = 768, Heads = 12, FeedForward = 3072, Patch = 32, Grid = 7, PatchBias = false, InputNorm = true }, classes: 0),
    ];

    public static TheoryData<int> Models => [.. Enumerable.Range(0, s_models.Length)];

    [Theory]
    [MemberData(nameof(Models))]
    public void A_network_has_as_many_parameters_and_tensors_as_the_published_one(int model)
    {
        Runtime.LibTorch.Load();
        Sized sized = s_models[model]();
        JsonElement published = Published(sized.Name);
        (long parameters, int tensors) = (published.GetProperty("parameters").GetInt64(), published.GetProperty("tensors").GetInt32());
        Assert.Equal((parameters, tensors), (sized.Parameters + sized.ParametersAside, sized.Tensors + sized.TensorsAside));
        string row = string.Create(CultureInfo.InvariantCulture,
            $"| {sized.Name} | {parameters:N0} | {tensors} | {sized.Parameters:N0} | {sized.Tensors} | {sized.Aside} |");
        Assert.Contains(row, File.ReadAllText(Path.Combine(Root(), "docs", "backbones.md")), StringComparison.Ordinal);
    }

    private static Sized ResNet(string name, ResNetShape shape, int classes) =>
        Head(Count(name, new ResNetArchitecture().Build(shape)), shape.FeatureWidth, classes);

    private static Sized Inverted(string name, InvertedResidualShape shape, int classes) =>
        Head(Count(name, new InvertedResidualArchitecture().Build(shape)), shape.FeatureWidth, classes);

    private static Sized Next(string name, int classes) =>
        Head(Count(name, new ConvNextArchitecture().Build(new ConvNextShape { Depths = [3, 3, 9, 3], Widths = [96, 192, 384, 768] })), 768, classes);

    /// <summary>Every layer has as many as every other: networks of one and of two tell those of twelve.</summary>
    private static Sized Vit(string name, VisionTransformerShape shape, int classes)
    {
        VisionTransformerArchitecture family = new();
        Sized one = Count(name, family.Build(shape with { Layers = 1 })), two = Count(name, family.Build(shape with { Layers = 2 }));
        int more = shape.Layers - 1;
        return Head(
            one with { Parameters = one.Parameters + (more * (two.Parameters - one.Parameters)), Tensors = one.Tensors + (more * (two.Tensors - one.Tensors)) },
            shape.Width, classes);
    }

    private static Sized Head(Sized sized, int width, int classes) => classes == 0 ? sized : sized with
    {
        ParametersAside = (width + 1) * classes,
        TensorsAside = 2,
        Aside = "classifier",
    };

    /// <summary>Query, key and value are one matrix and one bias in these files.</summary>
    private static Sized Joined(Sized sized) => sized with
    {
        TensorsAside = sized.TensorsAside - (4 * 12),
        Aside = (sized.Aside.Length > 0 ? sized.Aside + "; " : "") + "query, key and value joined",
    };

    private static Sized Count(string name, BackboneNetwork network)
    {
        using (network)
        {
            return new(name, network.Module.parameters().Sum(parameter => parameter.numel()), network.Module.state_dict().Count);
        }
    }

    private static InvertedResidualShape Mobile() => new()
    {
        Stem = 32,
        Blocks = Stages(32, Activation.Relu6, squeezes: false, (1, 16, 1, 1, 3), (6, 24, 2, 2, 3), (6, 32, 3, 2, 3), (6, 64, 4, 2, 3), (6, 96, 3, 1, 3),
            (6, 160, 3, 2, 3), (6, 320, 1, 1, 3)),
        Head = 1280,
    };

    private static InvertedResidualShape Efficient(bool squeezes) => new()
    {
        Stem = 32,
        Blocks = Stages(32, squeezes ? Activation.Silu : Activation.Relu6, squeezes, (1, 16, 1, 1, 3), (6, 24, 2, 2, 3), (6, 40, 2, 2, 5), (6, 80, 3, 2, 3),
            (6, 112, 3, 1, 5), (6, 192, 4, 2, 5), (6, 320, 1, 1, 3)),
        Head = 1280,
    };

    private static InvertedResidualShape Small(int? features) => new()
    {
        Stem = 16,
        Blocks =
        [
            "k3 s2 c16 q8 Relu", "k3 s2 e72 c24 Relu", "k3 s1 e88 c24 Relu r", "k5 s2 e96 c40 q24 HardSwish", "k5 s1 e240 c40 q64 HardSwish r",
                "k5 s1 e240 c40 q64 HardSwish r",
            "k5 s1 e120 c48 q32 HardSwish", "k5 s1 e144 c48 q40 HardSwish r", "k5 s2 e288 c96 q72 HardSwish", "k5 s1 e576 c96 q144 HardSwish r",
                "k5 s1 e576 c96 q144 HardSwish r",
        ],
        Head = 576,
        Features = features,
        HardSqueeze = true,
    };

    private static string[] Stages(int stem, Activation activation, bool squeezes,
        params (int Expansion, int Outputs, int Repeats, int Stride, int Kernel)[] stages)
    {
        List<string> blocks = [];
        int inputs = stem;
        foreach ((int expansion, int outputs, int repeats, int stride, int kernel) in stages)
        {
            for (int i = 0; i < repeats; i++)
            {
                blocks.Add(new InvertedResidualBlockShape(
                    kernel, i == 0 ? stride : 1, expansion == 1 ? 0 : expansion * inputs, outputs, squeezes ? inputs / 4 : 0, activation, i > 0).ToString());
                inputs = outputs;
            }
        }

        return [.. blocks];
    }

    private static JsonElement Published(string name)
    {
        foreach (string file in new[] { "published-sizes-images.json", "published-sizes-hf.json" })
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", file)));
            if (document.RootElement.TryGetProperty(name, out JsonElement found))
            {
                return found.Clone();
            }
        }

        throw new InvalidOperationException($"No published sizes of '{name}'.");
    }

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "TransferLab.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The repository's folder was not found.");
    }

    private sealed record Sized(string Name, long Parameters, int Tensors)
    {
        public long ParametersAside { get; init; }

        public int TensorsAside { get; init; }

        public string Aside { get; init; } = "";
    }
}
