using System.Runtime.InteropServices;
using TorchSharp;
using TorchSharp.Modules;
using TransferLab.Networks;
using TransferLab.Runtime;
using TransferLab.Tests.Training;
using static TorchSharp.torch;

namespace TransferLab.Tests.Networks;

/// <summary>
/// Convolutions are those of float64, and what a heap holds where nobody wrote does not reach them: with NaN in all that is taken, they are the same.
/// </summary>
[Collection(TorchCollection.Name)]
public sealed class ConvolutionTests : IDisposable
{
    private const int Perturb = -6, OnesEverywhere = 256; // glibc writes the complement of the lowest byte.

    // Processors that multiply bfloat16 in tiles go other ways, which nobody has looked at.
    private static readonly bool s_hasTiles = File.Exists("/proc/cpuinfo") && File.ReadAllText("/proc/cpuinfo").Contains("amx_bf16", StringComparison.Ordinal);

    public ConvolutionTests() => LibTorch.Load();

    public void Dispose() => Fill(false);

    [Theory]
    [InlineData(3, 8, 7, 2, 1)] // Beside a stem, of low rank.
    [InlineData(64, 8, 3, 1, 1)]
    [InlineData(64, 2, 3, 2, 1)]
    [InlineData(24, 24, 3, 1, 1)]
    [InlineData(40, 24, 5, 2, 1)]
    [InlineData(48, 32, 3, 2, 1)]
    [InlineData(8, 16, 3, 2, 1)]
    [InlineData(8, 16, 1, 2, 1)]
    [InlineData(3, 64, 7, 2, 1)]
    [InlineData(64, 64, 3, 1, 1)]
    [InlineData(64, 128, 3, 2, 1)]
    [InlineData(64, 128, 1, 2, 1)]
    [InlineData(512, 1024, 1, 2, 1)]
    [InlineData(96, 24, 1, 1, 1)]
    [InlineData(64, 256, 1, 1, 1)] // Of bottlenecks.
    [InlineData(512, 128, 1, 1, 1)]
    [InlineData(256, 1024, 1, 1, 1)]
    [InlineData(256, 512, 1, 2, 1)]
    [InlineData(128, 128, 3, 2, 32)]
    [InlineData(128, 128, 5, 1, 1)]
    [InlineData(96, 192, 2, 2, 1)]
    [InlineData(3, 96, 4, 4, 1)]
    [InlineData(3, 192, 14, 14, 1)]
    [InlineData(3, 192, 16, 16, 1)]
    [InlineData(24, 24, 3, 1, 24)]
    [InlineData(72, 72, 5, 2, 72)]
    [InlineData(96, 96, 7, 1, 96)]
    public void A_convolution_and_its_gradients_are_right_and_made_of_what_was_written(int inputs, int outputs, int kernel, int stride, int groups)
    {
        using RandomState random = RandomState.Seeded(1);
        using Conv2d layer = nn.Conv2d(inputs, outputs, kernel, stride: stride, padding: kernel > 7 || kernel % 2 == 0 ? 0 : kernel / 2, groups: groups);
        foreach (int size in kernel % 2 == 0 ? [2 * kernel] : new[] { 7, 14, 1 }.Where(size => size >= kernel || kernel <= 7))
        {
            using Tensor x = rand([2, inputs, size, size]);
            Check(layer, x, ScalarType.Float32, 1e-4);
            using Tensor last = x.permute(0, 2, 3, 1).contiguous(), asStored = last.permute(0, 3, 1, 2);
            Check(layer, asStored, ScalarType.Float32, 1e-4);
            if (!s_hasTiles)
            {
                Check(layer, x, ScalarType.BFloat16, 0.04);
            }
        }
    }

    private static void Check(Conv2d layer, Tensor x, ScalarType type, double tolerance)
    {
        foreach ((bool inputTrains, bool weightTrains) in new[] { (true, true), (true, false), (false, true), (false, false) })
        {
            double[][] right = Run(layer, x.to(type).to(ScalarType.Float64), ScalarType.Float64, inputTrains, weightTrains, type);
            double[][] expected = Run(layer, x.to(type), type, inputTrains, weightTrains, type);
            Fill(true);
            double[][] found = Run(layer, x.to(type), type, inputTrains, weightTrains, type);
            Fill(false);
            Assert.Equal(expected, found);
            Assert.All(right.Zip(found), pair => Assert.InRange(Error(pair.First, pair.Second), 0, tolerance));
        }
    }

    /// <summary>Largest error, relative to the largest value.</summary>
    private static double Error(double[] right, double[] found) => right.Zip(found, (a, b) => Math.Abs(a - b)).Max() / right.Max(Math.Abs);

    /// <summary>The output and what gradients there are, computed in a type with weights that were rounded to another.</summary>
    private static double[][] Run(Conv2d layer, Tensor x, ScalarType type, bool inputTrains, bool weightTrains, ScalarType rounded)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor input = x.detach().clone();
        (Tensor weight, Tensor bias) = (layer.weight!.detach().to(rounded).to(type).clone(), layer.bias!.detach().to(rounded).to(type).clone());
        (input.requires_grad, weight.requires_grad, bias.requires_grad) = (inputTrains, weightTrains, weightTrains);
        Tensor y = TransferLab.Networks.Convolution.Of(input, weight, bias, layer);
        if (inputTrains || weightTrains)
        {
            (y * cos(arange(y.numel(), ScalarType.Float64)).square().view(y.shape).to(rounded).to(type)).sum().backward();
        }

        return [.. new[] { y, input.grad, weight.grad, bias.grad }.OfType<Tensor>().Select(values =>
            values.detach().to(ScalarType.Float64).contiguous().data<double>().ToArray())];
    }

    /// <summary>Fills what is taken from now on with NaN, or leaves it as it is. Other heaps than glibc's stay as they are.</summary>
    private static void Fill(bool fills)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SetOption(Perturb, fills ? OnesEverywhere : 0);
        }
    }

    [DllImport("libc", EntryPoint = "mallopt")]
    private static extern int SetOption(int option, int value);
}
