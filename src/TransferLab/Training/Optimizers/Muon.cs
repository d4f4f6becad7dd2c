using TorchSharp;
using TorchSharp.Modules;
using TransferLab.Runtime;
using static TorchSharp.torch;

namespace TransferLab.Training;

/// <summary>
/// Muon (Jordan et al. 2024, "Muon: An optimizer for hidden layers in neural networks"; Liu et al. 2025, arXiv:2502.16982) for matrices: Nesterov's momentum
/// whose singular values are all brought near 1, by five steps of Newton and Schulz. The update is scaled to the size of AdamW's, so that rates and decay of
/// AdamW hold. Vectors and tables of embeddings are left to <paramref name="others"/>.
/// </summary>
/// <param name="others">Takes what is no matrix. Owned.</param>
/// <param name="tables">Matrices that are tables of embeddings: their rows are vectors of their own.</param>
/// <param name="type">In which the five steps compute; bfloat16 is exact enough.</param>
internal sealed class Muon(IOptimizer others, IReadOnlySet<Parameter> tables, ScalarType type) : IOptimizer
{
    private const double Momentum = 0.95, Size = 0.2, Epsilon = 1e-7;
    private const int Iterations = 5;
    private readonly List<Entry> _entries = [];

    /// <inheritdoc/>
    public int Steps
    {
        get => others.Steps;
        set => others.Steps = value;
    }

    /// <inheritdoc/>
    public IEnumerable<(string Name, Tensor Value)> Moments() =>
        _entries.Select((entry, i) => ($"muon.{i}.velocity", entry.Velocity)).Concat(others.Moments());

    /// <inheritdoc/>
    public void Add(IEnumerable<Parameter> parameters, double peakRate, double weightDecay)
    {
        ILookup<bool, Parameter> kinds = parameters.ToLookup(parameter => parameter.dim() == 2 && !tables.Contains(parameter));
        others.Add(kinds[false], peakRate, weightDecay);
        foreach (Parameter parameter in kinds[true])
        {
            _entries.Add(new(parameter, zeros_like(parameter, requires_grad: false).DetachFromDisposeScope(), peakRate, weightDecay));
        }
    }

    /// <inheritdoc/>
    public void Step(double share)
    {
        others.Step(share);
        foreach (Entry entry in _entries)
        {
            using DisposeScope scope = NewDisposeScope();
            if (entry.Parameter.grad is { } gradient)
            {
                Device device = entry.Parameter.device;
                Tensor Factor(double value) => tensor((float)value, device: device);
                double rate = share * entry.PeakRate;
                entry.Velocity.mul_(Factor(Momentum)).PlusInPlace(gradient);
                Tensor update = Orthogonal(gradient.Plus(entry.Velocity * Factor(Momentum)), type);
                entry.Parameter.mul_(Factor(1 - (rate * entry.WeightDecay)))
                    .MinusInPlace(update * Factor(rate * Size * Math.Sqrt(entry.Parameter.shape.Max())));
            }
        }
    }

    public void Dispose()
    {
        _entries.ForEach(entry => entry.Velocity.Dispose());
        others.Dispose();
    }

    /// <summary>The matrix with singular values between about .7 and 1.2: U V^T of its decomposition, nearly.</summary>
    internal static Tensor Orthogonal(Tensor matrix, ScalarType type)
    {
        const double A = 3.4445, B = -4.7750, C = 2.0315;
        bool isTall = matrix.shape[0] > matrix.shape[1];
        Tensor x = isTall ? matrix.t() : matrix;
        x = (x / x.norm().maximum(tensor((float)Epsilon, device: matrix.device))).to(type);
        Tensor Factor(double value) => tensor((float)value, type, matrix.device);
        for (int i = 0; i < Iterations; i++)
        {
            Tensor square = x.mm(x.t());
            x = (x * Factor(A)).Plus((square * Factor(B)).Plus(square.mm(square) * Factor(C)).mm(x));
        }

        return (isTall ? x.t() : x).to(matrix.dtype);
    }

    private sealed record Entry(Parameter Parameter, Tensor Velocity, double PeakRate, double WeightDecay);
}
