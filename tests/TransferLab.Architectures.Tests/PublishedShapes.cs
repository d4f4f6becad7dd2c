using TransferLab.Networks;
using TransferLab.Networks.Architectures;

namespace TransferLab.Architectures.Tests;

/// <summary>Networks as they are published.</summary>
internal static class PublishedShapes
{
    public static ResNetShape ResNet50() => new() { Blocks = [3, 4, 6, 3], Widths = [256, 512, 1024, 2048], Inner = [64, 128, 256, 512] };

    /// <summary>Grouped convolutions: 32 groups of 4 channels in the first stage.</summary>
    public static ResNetShape ResNeXt50() => ResNet50() with { Inner = [128, 256, 512, 1024], Groups = 32 };

    public static ConvNextShape ConvNextTiny() => new() { Depths = [3, 3, 9, 3], Widths = [96, 192, 384, 768] };

    public static InvertedResidualShape MobileNetV2() => new()
    {
        Stem = 32,
        Blocks = Stages(32, Activation.Relu6, squeezes: false, (1, 16, 1, 1, 3), (6, 24, 2, 2, 3), (6, 32, 3, 2, 3), (6, 64, 4, 2, 3), (6, 96, 3, 1, 3),
            (6, 160, 3, 2, 3), (6, 320, 1, 1, 3)),
        Head = 1280,
    };

    public static InvertedResidualShape EfficientNet(bool squeezes) => new()
    {
        Stem = 32,
        Blocks = Stages(32, squeezes ? Activation.Silu : Activation.Relu6, squeezes, (1, 16, 1, 1, 3), (6, 24, 2, 2, 3), (6, 40, 2, 2, 5), (6, 80, 3, 2, 3),
            (6, 112, 3, 1, 5), (6, 192, 4, 2, 5), (6, 320, 1, 1, 3)),
        Head = 1280,
    };

    public static InvertedResidualShape MobileNetV3Small(int? features) => new()
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
}
