using System.Globalization;
using TorchSharp;
using TransferLab.Networks;
using TransferLab.Networks.Architectures;
using TransferLab.Runtime;
using static TorchSharp.torch;

namespace TransferLab.Benchmarks;

/// <summary>What a training step on a batch of images takes, beside what is estimated before one is begun.</summary>
internal static class StepMemoryCheck
{
    /// <param name="description">A network, as saved models name it: <c>resnet-2-2-2-2</c>.</param>
    /// <param name="size">Width and height of the images.</param>
    /// <param name="images">Images of the batch.</param>
    /// <param name="type">Of the activations.</param>
    public static int Run(string description, int size, int images, ScalarType type)
    {
        Architecture family = Registry.Known.Architectures.FirstOrDefault(family => family.Describes(description))
            ?? throw new ArgumentException($"'{description}' describes no network.");
        LibTorch.Load();
        using DisposeScope scope = NewDisposeScope();
        using BackboneNetwork network = family.Build(description);
        network.Module.train();
        Tensor pixels = randn(images, 3, size, size).to(type);
        long before = Resident("VmRSS:");
        Batch features = network.Forward(pixels, 0, network.Groups.Count);
        features.Values.sum().backward();
        StepMemory memory = family.MemoryOf(description);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{images} images of {size} px in {type}: {(Resident("VmHWM:") - before) / 1e6:F0} MB (gradients of the weights included), estimated "
                + $"{memory.Estimate(size, images, trains: true) / 1e6:F0} MB"));
        return 0;
    }

    private static long Resident(string what) =>
        1024 * long.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith(what, StringComparison.Ordinal)).Split(' ')[^2],
            CultureInfo.InvariantCulture);
}
