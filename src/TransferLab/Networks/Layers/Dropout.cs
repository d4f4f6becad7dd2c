using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks;

/// <summary>
/// Dropout (Srivastava et al. 2014). libtorch draws its mask on a CPU one number at a time, which took a quarter of a training step; here a byte decides
/// on each value, from a generator that torch's own seeds.
/// </summary>
internal static class Dropout
{
    private const int Dropped = 26; // Of 256: a rate of 0.1, as published, to two digits.
    private const double Rate = Dropped / 256.0;

    /// <summary>Sets a tenth of the values to zero and scales the others up, in training; hands <paramref name="x"/> back otherwise.</summary>
    public static Tensor Of(Tensor x, bool training)
    {
        if (!training)
        {
            return x;
        }

        if (x.device_type != DeviceType.CPU)
        {
            return functional.dropout(x, Rate, training: true);
        }

        byte[] draws = new byte[(x.numel() + 7) / 8 * 8];
        Fill(MemoryMarshal.Cast<byte, ulong>(draws.AsSpan()), (ulong)randint(0, long.MaxValue, [1], ScalarType.Int64).item<long>());
        Tensor kept = tensor(draws, ScalarType.Byte)[..(int)x.numel()].view(x.shape).ge(tensor((byte)Dropped));
        return x * (kept.to(x.dtype) * tensor((float)(1 / (1 - Rate)), x.dtype));
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
