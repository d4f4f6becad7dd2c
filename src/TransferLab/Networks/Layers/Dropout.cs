using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace TransferLab.Networks;

/// <summary>
/// Dropout (Srivastava et al. 2014), drawn from the generator of the run that trains, so that two runs in one process do not disturb each other. libtorch draws
/// its mask on a CPU one number at a time, which took a quarter of a training step; here a byte decides on each value.
/// </summary>
public static class Dropout
{
    private const int Levels = 256;

    /// <summary>Sets a share of the values to zero and scales the others up, in training; hands <paramref name="x"/> back otherwise.</summary>
    /// <param name="x">Any shape, floating.</param>
    /// <param name="training">Whether the layer trains.</param>
    /// <param name="rate">The share, 0 up to 1, in steps of 1/256 on a CPU; 0.1 as published for transformers.</param>
    /// <returns>The caller owns it.</returns>
    public static Tensor Of(Tensor x, bool training, double rate = 0.1)
    {
        int dropped = (int)Math.Round(rate * Levels);
        if (!training || dropped == 0)
        {
            return x;
        }

        if (x.device_type != DeviceType.CPU)
        {
            return OneByOne(x, rate);
        }

        byte[] draws = new byte[(x.numel() + 7) / 8 * 8];
        using Tensor seed = randint(0, long.MaxValue, new long[] { 1 }, ScalarType.Int64, generator: ForwardPass.Current?.Random);
        Fill(MemoryMarshal.Cast<byte, ulong>(draws.AsSpan()), (ulong)seed.item<long>());
        Tensor kept = tensor(draws, ScalarType.Byte)[..(int)x.numel()].view(x.shape).ge(tensor((byte)dropped));
        return x * (kept.to(x.dtype) * tensor((float)(1 / (1 - (dropped / (double)Levels))), x.dtype));
    }

    /// <summary>The same with one draw a value and the exact rate, as torch does it.</summary>
    internal static Tensor OneByOne(Tensor x, double rate)
    {
        Tensor kept = empty_like(x).bernoulli_(1 - rate, ForwardPass.Current?.Random);
        return x * kept.div_(tensor((float)(1 - rate), device: x.device));
    }

    /// <summary>SplitMix64 (Steele, Lea and Flood 2014).</summary>
    private static void Fill(Span<ulong> draws, ulong state)
    {
        for (int i = 0; i < draws.Length; i++)
        {
            ulong z = state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            draws[i] = z ^ (z >> 31);
        }
    }
}
