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
        () => ResNet("torchvision resnet50", PublishedShapes.ResNet50(), classes: 1000),
        () => ResNet("resnet-50", PublishedShapes.ResNet50(), classes: 0),
        () => Inverted("torchvision mobilenet_v2", PublishedShapes.MobileNetV2(), classes: 1000),
        () => Inverted("torchvision mobilenet_v3_small", PublishedShapes.MobileNetV3Small(null), classes: 1000) with
        {
            ParametersAside = 590_848 + 1_025_000,
            TensorsAside = 4,
            Aside = "classifier of two layers",
        },
        () => Inverted("timm mobilenetv3_small_100", PublishedShapes.MobileNetV3Small(1024), classes: 1000),
        () => Inverted("torchvision efficientnet_b0", PublishedShapes.EfficientNet(squeezes: true), classes: 1000),
        () => Inverted("timm efficientnet_lite0", PublishedShapes.EfficientNet(squeezes: false), classes: 1000),
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
        Head(Count(name, new ConvNextArchitecture().Build(PublishedShapes.ConvNextTiny())), 768, classes);

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
