using System.Numerics;
using System.Runtime.CompilerServices;
using TorchSharp.Modules;
using TransferLab.Networks;
using static TorchSharp.torch;

namespace TransferLab.Training;

/// <summary>
/// AdamW (Loshchilov and Hutter 2019, arXiv:1711.05101) for contiguous float32 parameters in CPU memory, in one pass over each: the usual dozen
/// passes take as long as the backward pass of a small batch. The same pass reads gradients in bfloat16, and writes the copies that the network computes with.
/// </summary>
/// <param name="copies">Copies of the parameters; null where there are none. Not owned.</param>
internal sealed class FusedAdamW(TrainedCopies? copies = null) : IOptimizer
{
    private const double Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8;
    private const int Chunk = 1 << 16, Block = 1 << 11;
    private readonly List<Entry> _entries = [];

    /// <summary>Updates so far.</summary>
    public int Steps { get; set; }

    /// <summary>What the gradients of the next update are multiplied by.</summary>
    public double GradientScale { get; set; } = 1;

    /// <summary>First and second moments, in the order of the parameters.</summary>
    public IEnumerable<(string Name, Tensor Value)> Moments() =>
        _entries.SelectMany((entry, i) => new (string, Tensor)[] { ($"{i}.first", entry.First), ($"{i}.second", entry.Second) });

    /// <summary>Adds parameters that share a peak rate and a weight decay.</summary>
    public void Add(IEnumerable<Parameter> parameters, double peakRate, double weightDecay)
    {
        foreach (Parameter parameter in parameters)
        {
            _entries.Add(new(parameter, zeros(parameter.shape).DetachFromDisposeScope(), zeros(parameter.shape).DetachFromDisposeScope(), peakRate,
                weightDecay));
        }
    }

    /// <summary>One update, at a share of the peak rates. Parameters without a gradient stay as they are.</summary>
    public void Step(double share)
    {
        Steps++;
        foreach (Entry entry in _entries)
        {
            TrainedCopy? copy = copies?.Of(entry.Parameter);
            if (entry.Parameter.grad is { } own)
            {
                own.Dispose();
                copy?.Gather();
            }

            using Tensor? gradient = entry.Parameter.grad ?? copy?.Value?.grad;
            if (gradient is not null)
            {
                using Tensor contiguous = gradient.contiguous();
                Update(entry, contiguous, copy?.Value, share * entry.PeakRate);
            }
        }

        GradientScale = 1;
    }

    public void Dispose()
    {
        foreach (Entry entry in _entries)
        {
            entry.First.Dispose();
            entry.Second.Dispose();
        }
    }

    private unsafe void Update(Entry entry, Tensor gradient, Tensor? copy, double rate)
    {
        Factors factors = new(
            (float)(1 - (rate * entry.WeightDecay)),
            (float)(rate / (1 - Math.Pow(Beta1, Steps))),
            (float)(1 / Math.Sqrt(1 - Math.Pow(Beta2, Steps))),
            (float)GradientScale);
        bool isLow = gradient.dtype == ScalarType.BFloat16;

        // Native memory: the addresses outlive the fixed statement.
        fixed (byte* p = entry.Parameter.bytes, g = gradient.bytes, m = entry.First.bytes, v = entry.Second.bytes, c = copy is null ? [] : copy.bytes)
        {
            Places at = new((nint)p, (nint)g, (nint)m, (nint)v, (nint)c, isLow);
            long count = entry.Parameter.numel();
            int chunks = (int)((count + Chunk - 1) / Chunk);
            if (chunks == 1)
            {
                Update(at, 0, (int)count, factors);
                return;
            }

            Parallel.For(0, chunks, i => Update(at, (long)i * Chunk, (int)Math.Min(Chunk, count - ((long)i * Chunk)), factors));
        }
    }

    /// <summary>A chunk, in blocks that stay in the processor's first cache from one conversion to the next.</summary>
    private static unsafe void Update(in Places at, long first, int count, Factors factors)
    {
        if (!at.IsLow && at.Copy == 0)
        {
            Update(new((float*)at.Parameter + first, count), new((float*)at.Gradient + first, count), new((float*)at.First + first, count),
                new((float*)at.Second + first, count), factors);
            return;
        }

        scoped Span<float> wide = stackalloc float[at.IsLow ? Block : 0];
        for (int done = 0; done < count; done += Block)
        {
            (long from, int size) = (first + done, Math.Min(Block, count - done));
            if (at.IsLow)
            {
                BFloat16s.Widen(new((ushort*)at.Gradient + from, size), wide);
            }

            Span<float> parameter = new((float*)at.Parameter + from, size);
            scoped ReadOnlySpan<float> gradient = at.IsLow ? wide[..size] : new((float*)at.Gradient + from, size);
            Update(parameter, gradient, new((float*)at.First + from, size), new((float*)at.Second + from, size), factors);
            if (at.Copy != 0)
            {
                BFloat16s.Narrow(parameter, new((ushort*)at.Copy + from, size));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // It is hot from its first call on: a first pass over a large table takes seconds otherwise.
    private static void Update(Span<float> p, ReadOnlySpan<float> g, Span<float> m, Span<float> v, Factors factors)
    {
        int i = 0;
        Vector<float> epsilon = new((float)Epsilon);
        for (; i <= p.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> gradient = new Vector<float>(g[i..]) * factors.Gradient;
            Vector<float> first1 = (new Vector<float>(m[i..]) * (float)Beta1) + (gradient * (float)(1 - Beta1));
            Vector<float> second = (new Vector<float>(v[i..]) * (float)Beta2) + (gradient * gradient * (float)(1 - Beta2));
            Vector<float> denominator = (Vector.SquareRoot(second) * factors.Correction2) + epsilon;
            ((new Vector<float>(p[i..]) * factors.Decay) - (first1 / denominator * factors.Rate)).CopyTo(p[i..]);
            first1.CopyTo(m[i..]);
            second.CopyTo(v[i..]);
        }

        for (; i < p.Length; i++)
        {
            float gradient = g[i] * factors.Gradient;
            m[i] = (m[i] * (float)Beta1) + (gradient * (float)(1 - Beta1));
            v[i] = (v[i] * (float)Beta2) + (gradient * gradient * (float)(1 - Beta2));
            p[i] = (p[i] * factors.Decay) - (m[i] / ((MathF.Sqrt(v[i]) * factors.Correction2) + (float)Epsilon) * factors.Rate);
        }
    }

    private sealed record Entry(Parameter Parameter, Tensor First, Tensor Second, double PeakRate, double WeightDecay);

    private readonly record struct Factors(float Decay, float Rate, float Correction2, float Gradient);

    private readonly record struct Places(nint Parameter, nint Gradient, nint First, nint Second, nint Copy, bool IsLow);
}
