using System.Diagnostics;
using System.Runtime.Intrinsics.X86;
using TorchSharp;
using TransferLab.Networks;
using TransferLab.Runtime;
using static TorchSharp.torch;

namespace TransferLab.Training;

/// <summary>Where networks run and in which type: chosen once, by a look at the machine (on processors other than x86, by a quick measurement).</summary>
/// <param name="Device">cpu or cuda.</param>
/// <param name="Type">Type of images and activations in networks that follow their input's type; parameters are always float32.</param>
public sealed record ComputeDevice(Device Device, ScalarType Type)
{
    /// <summary>How much faster bfloat16 must be where that is measured: well above noise.</summary>
    private const double WorthIt = 1.3;
    private const int Repetitions = 20;

    // The instructions decide where they can be asked for, because a result must repeat bit for bit on the same machine, whatever its load.
    private static readonly Lazy<bool> s_bfloat16Pays = new(() => X86Base.IsSupported ? HasBFloat16Instructions() : MeasureBFloat16());

    /// <summary>Chooses.</summary>
    /// <param name="device"><c>auto</c>, <c>cpu</c> or <c>cuda</c>.</param>
    /// <param name="precision"><c>auto</c>, <c>float32</c> or <c>bfloat16</c>.</param>
    /// <exception cref="ArgumentException">A value is unknown, or there is no such device.</exception>
    public static ComputeDevice Choose(string device = "auto", string precision = "auto")
    {
        LibTorch.Load();
        Device chosen = device switch
        {
            "auto" => cuda.is_available() ? CUDA : CPU,
            "cpu" => CPU,
            "cuda" when cuda.is_available() => CUDA,
            "cuda" =>
                throw new ArgumentException(
                    $"device cuda: this libtorch finds no CUDA device{(LibTorch.CudaFailure is { } why ? $" ({why})" : "")}; use cpu, or a CUDA build: its "
                        + $"package, or a folder named in {LibTorch.FolderVariable}."),
            _ => throw new ArgumentException($"device {device}: choose auto, cpu or cuda."),
        };
        ScalarType type = precision switch
        {
            "auto" => chosen.type == DeviceType.CUDA || s_bfloat16Pays.Value ? ScalarType.BFloat16 : ScalarType.Float32,
            "float32" => ScalarType.Float32,
            "bfloat16" => ScalarType.BFloat16,
            _ => throw new ArgumentException($"precision {precision}: choose auto, float32 or bfloat16."),
        };
        return new(chosen, type);
    }

    /// <summary>
    /// Where a language model answers, and in which type: float32 on a CPU. There bfloat16 hardly writes faster, and where two tokens are nearly as likely as
    /// one another it takes the wrong one often enough to be seen.
    /// </summary>
    /// <param name="device"><c>auto</c>, <c>cpu</c> or <c>cuda</c>.</param>
    /// <exception cref="ArgumentException">It is unknown, or there is no such device.</exception>
    public static ComputeDevice ForAnswers(string device = "auto")
    {
        ComputeDevice chosen = Choose(device);
        return chosen.Device.type == DeviceType.CPU ? chosen with { Type = ScalarType.Float32 } : chosen;
    }

    /// <summary>The type as <c>--precision</c> names it.</summary>
    public string Precision => Type == ScalarType.BFloat16 ? "bfloat16" : "float32";

    /// <summary>The type of a network's inputs.</summary>
    public ScalarType TypeFor(BackboneNetwork network) => network.FollowsInputType ? Type : ScalarType.Float32;

    // AVX512_BF16 (Intel Architecture Instruction Set Extensions, CPUID leaf 7, sub-leaf 1): without it bfloat16 costs instead of paying.
    private static bool HasBFloat16Instructions()
    {
        const int extendedFeatures = 7, avx512BFloat16 = 1 << 5;
        return Avx512F.IsSupported && X86Base.CpuId(0, 0).Eax >= extendedFeatures && X86Base.CpuId(extendedFeatures, 0).Eax >= 1
            && (X86Base.CpuId(extendedFeatures, 1).Eax & avx512BFloat16) != 0;
    }

    /// <summary>Whether a convolution is clearly faster in bfloat16, as it is only on processors with instructions for it.</summary>
    private static bool MeasureBFloat16()
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor images = ChannelsLast.Of(ones([8, 64, 28, 28])), weight = ChannelsLast.Of(ones([64, 64, 3, 3]));
        Tensor lowImages = images.to(ScalarType.BFloat16), lowWeight = weight.to(ScalarType.BFloat16);
        (double single, double low) = (double.MaxValue, double.MaxValue);
        for (int i = 0; i < Repetitions; i++)
        {
            // In turn, and the best of many: another program's load must not decide. The first of each builds its kernel.
            (single, low) = (Math.Min(single, Seconds(images, weight)), Math.Min(low, Seconds(lowImages, lowWeight)));
        }

        return single > WorthIt * low;
    }

    private static double Seconds(Tensor images, Tensor weight)
    {
        long start = Stopwatch.GetTimestamp();
        using Tensor result = nn.functional.conv2d(images, weight, padding: [1, 1]);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
