using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using TorchSharp;
using TransferLab.Architectures.Tests;
using TransferLab.Networks;
using TransferLab.Networks.Architectures;
using TransferLab.Runtime;
using static TorchSharp.torch;

namespace TransferLab.Benchmarks;

/// <summary>Networks of images beside the same ones of torchvision, in float32, in turn within one run.</summary>
internal static class PeerNetworks
{
    private const int Batch = 16, Size = 224, Classes = 1000;
    private const double LeastSeconds = 2;

    private static readonly (string Name, Func<BackboneNetwork> Build)[] s_networks =
    [
        ("resnet18", () => ResNetArchitecture.Build([2, 2, 2, 2])),
        ("resnet50", () => new ResNetArchitecture().Build(PublishedShapes.ResNet50())),
        ("resnext50_32x4d", () => new ResNetArchitecture().Build(PublishedShapes.ResNeXt50())),
        ("mobilenet_v2", () => new InvertedResidualArchitecture().Build(PublishedShapes.MobileNetV2())),
        ("mobilenet_v3_small", () => new InvertedResidualArchitecture().Build(PublishedShapes.MobileNetV3Small(null))),
        ("efficientnet_b0", () => new InvertedResidualArchitecture().Build(PublishedShapes.EfficientNet(squeezes: true))),
        ("convnext_tiny", () => new ConvNextArchitecture().Build(PublishedShapes.ConvNextTiny())),
    ];

    /// <param name="python">A Python that has torch and torchvision; null for this library alone.</param>
    /// <param name="only">The networks that are measured; all where none is named.</param>
    public static int Run(string? python, IReadOnlyList<string> only)
    {
        LibTorch.Load();
        Console.WriteLine(Say($"{get_num_threads()} threads, float32, {Batch} images of {Size} px, the fastest of several; images a second"));
        foreach ((string name, Func<BackboneNetwork> build) in s_networks.Where(network => only.Count == 0 || only.Contains(network.Name)))
        {
            (double features, double step) = Measure(build);
            string ours = Say($"{name,-20} features {Batch / features,7:F1}  step {Batch / step,6:F1}");
            if (python is null)
            {
                Console.WriteLine(ours);
                continue;
            }

            JsonElement peer = Peer(python, name);
            double theirs = peer.GetProperty("features").GetDouble(), theirStep = peer.GetProperty("step").GetDouble();
            Console.WriteLine($"{ours}  " + Say($"torch {peer.GetProperty("torch")}: features {Batch / theirs,7:F1}  step {Batch / theirStep,6:F1}  ")
                + Say($"times as fast {theirs / features,5:F2}, {theirStep / step,5:F2}"));
        }

        return 0;
    }

    private static (double Features, double Step) Measure(Func<BackboneNetwork> build)
    {
        using TransferNetwork network = new(build(), Classes, seed: 1);
        using Tensor pixels = randn(Batch, Size, Size, 3), images = pixels.permute(0, 3, 1, 2), labels = arange(Batch, ScalarType.Int64);
        network.Backbone.Module.eval();
        double features;
        using (no_grad())
        using (network.HoldFrozen(ScalarType.Float32))
        {
            features = Fastest(() => network.Prefix(images, network.Backbone.Groups.Count));
        }

        network.Backbone.Module.train();
        double step = Fastest(() =>
        {
            foreach (Tensor parameter in network.Parameters)
            {
                parameter.grad = null;
            }

            nn.functional.cross_entropy(network.Logits(images, 0), labels).backward();
        });
        NativeMemory.Trim();
        return (features, step);
    }

    private static double Fastest(Action work)
    {
        double best = double.MaxValue;
        long begun = 0;
        for (int i = 0; i < 2 || Stopwatch.GetElapsedTime(begun).TotalSeconds < LeastSeconds; i++)
        {
            long start = Stopwatch.GetTimestamp();
            using (NewDisposeScope())
            {
                work();
            }

            (best, begun) = i == 0 ? (best, Stopwatch.GetTimestamp()) : (Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds), begun);
        }

        return best;
    }

    private static JsonElement Peer(string python, string name)
    {
        ProcessStartInfo start = new(python)
        {
            RedirectStandardOutput = true,
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "peer_networks.py"), Text(get_num_threads()), Text(Batch), Text(Size), name },
        };
        using Process process = Process.Start(start)!;
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonDocument.Parse(said).RootElement
            : throw new InvalidOperationException($"{python} ended with {process.ExitCode}: does it have torch and torchvision?");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
