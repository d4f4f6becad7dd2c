using System.Numerics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TransferLab.Training;

/// <summary>
/// AdamW (Loshchilov and Hutter 2019, arXiv:1711.05101) for contiguous float32 parameters in CPU memory, in one pass over each: the usual dozen
/// passes take as long as the backward pass of a small batch.
/// </summary>
internal sealed class FusedAdamW : IOptimizer
{
    private const double Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8;
    private const int Chunk = 1 << 16;
    private readonly List<Entry> _entries = [];

    /// <summary>Updates so far.</summary>
    public int Steps { get; set; }

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
            using Tensor? gradient = entry.Parameter.grad;
            if (gradient is not null)
            {
                using Tensor contiguous = gradient.contiguous();
                Update(entry, contiguous, share * entry.PeakRate);
            }
        }
    }

    public void Dispose()
    {
        foreach (Entry entry in _entries)
        {
            entry.First.Dispose();
            entry.Second.Dispose();
        }
    }

    private unsafe void Update(Entry entry, Tensor gradient, double rate)
    {
        Factors factors = new(
            (float)(1 - (rate * entry.WeightDecay)),
            (float)(rate / (1 - Math.Pow(Beta1, Steps))),
            (float)(1 / Math.Sqrt(1 - Math.Pow(Beta2, Steps))));

        // Native memory: the addresses outlive the fixed statement.
        fixed (byte* p = entry.Parameter.bytes, g = gradient.bytes, m = entry.First.bytes, v = entry.Second.bytes)
        {
            (nint P, nint G, nint M, nint V) at = ((nint)p, (nint)g, (nint)m, (nint)v);
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

    private static unsafe void Update((nint P, nint G, nint M, nint V) at, long first, int count, Factors factors)
    {
        Span<float> p = new((float*)at.P + first, count), m = new((float*)at.M + first, count), v = new((float*)at.V + first, count);
        ReadOnlySpan<float> g = new((float*)at.G + first, count);
        int i = 0;
        Vector<float> epsilon = new((float)Epsilon);
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> gradient = new(g[i..]);
            Vector<float> first1 = (new Vector<float>(m[i..]) * (float)Beta1) + (gradient * (float)(1 - Beta1));
            Vector<float> second = (new Vector<float>(v[i..]) * (float)Beta2) + (gradient * gradient * (float)(1 - Beta2));
            Vector<float> denominator = (Vector.SquareRoot(second) * factors.Correction2) + epsilon;
            ((new Vector<float>(p[i..]) * factors.Decay) - (first1 / denominator * factors.Rate)).CopyTo(p[i..]);
            first1.CopyTo(m[i..]);
            second.CopyTo(v[i..]);
        }

        for (; i < count; i++)
        {
            m[i] = (m[i] * (float)Beta1) + (g[i] * (float)(1 - Beta1));
            v[i] = (v[i] * (float)Beta2) + (g[i] * g[i] * (float)(1 - Beta2));
            p[i] = (p[i] * factors.Decay) - (m[i] / ((MathF.Sqrt(v[i]) * factors.Correction2) + (float)Epsilon) * factors.Rate);
        }
    }

    private sealed record Entry(Parameter Parameter, Tensor First, Tensor Second, double PeakRate, double WeightDecay);

    private readonly record struct Factors(float Decay, float Rate, float Correction2);
}
