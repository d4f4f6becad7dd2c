using System.Runtime.CompilerServices;
using TorchSharp.Modules;
using TransferLab.Runtime;
using static TorchSharp.torch;

namespace TransferLab.Networks;

/// <summary>
/// Weights that train, and beside them the same in the type that the network computes in: cast once a step by the optimizer that moves them, not by every layer
/// that uses them, and with gradients of that type, which hold all that a product in it gives. Copies are made when a layer first asks. (Micikevicius et al.
/// 2018, "Mixed Precision Training", arXiv:1710.03740, keep the same two.)
/// </summary>
internal sealed class TrainedCopies : IDisposable
{
    private static readonly ConditionalWeakTable<Parameter, TrainedCopy> s_all = [];
    private readonly Dictionary<Parameter, TrainedCopy> _mine = new(ReferenceEqualityComparer.Instance);

    /// <summary>Lets layers have copies of some weights until disposed.</summary>
    /// <param name="weights">What trains.</param>
    /// <param name="type">The type of the copies.</param>
    public TrainedCopies(IEnumerable<Parameter> weights, ScalarType type)
    {
        foreach (Parameter weight in weights)
        {
            TrainedCopy copy = new(weight, type);
            s_all.AddOrUpdate(weight, copy);
            _mine.Add(weight, copy);
        }
    }

    /// <summary>A weight in a type: itself, its copy, or cast for this once.</summary>
    public static Tensor In(Parameter weight, ScalarType type) =>
        weight.dtype == type ? weight : s_all.TryGetValue(weight, out TrainedCopy? copy) && copy.Type == type ? copy.Made() : weight.to(type);

    /// <summary>The copy of a weight; null where none can be.</summary>
    public TrainedCopy? Of(Parameter weight) => _mine.GetValueOrDefault(weight);

    /// <summary>Forgets gradients.</summary>
    public void ZeroGradients()
    {
        foreach (TrainedCopy copy in _mine.Values)
        {
            copy.ZeroGradient();
        }
    }

    /// <summary>Adds the gradients to those of the weights, which are float32: before another batch of the same step adds to them.</summary>
    public void Gather()
    {
        foreach (TrainedCopy copy in _mine.Values)
        {
            copy.Gather();
        }
    }

    public void Dispose()
    {
        foreach (TrainedCopy copy in _mine.Values)
        {
            s_all.Remove(copy.Weight);
            copy.Dispose();
        }

        _mine.Clear();
    }
}

/// <summary>A weight that trains, and its copy.</summary>
/// <param name="weight">Not owned.</param>
/// <param name="type">The copy's.</param>
internal sealed class TrainedCopy(Parameter weight, ScalarType type) : IDisposable
{
    /// <summary>The weight itself.</summary>
    public Parameter Weight => weight;

    /// <summary>The copy's type.</summary>
    public ScalarType Type => type;

    /// <summary>The copy, contiguous, whoever moves the weight keeps it the same; null before a layer asked.</summary>
    public Tensor? Value { get; private set; }

    /// <summary>The copy, made where it is not there.</summary>
    public Tensor Made()
    {
        if (Value is null)
        {
            Value = weight.Copied(type);
            Value.requires_grad = weight.requires_grad;
        }

        return Value;
    }

    /// <summary>Forgets its gradient.</summary>
    public void ZeroGradient()
    {
        if (Value is { } value)
        {
            value.grad = null;
        }
    }

    /// <summary>Adds its gradient to the weight's.</summary>
    public void Gather()
    {
        using IDisposable noGradient = no_grad();
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        if (Value?.grad is not { } gradient)
        {
            return;
        }

        if (weight.grad is { } sum)
        {
            sum.PlusInPlace(gradient);
        }
        else
        {
            weight.grad = gradient.to(weight.dtype);
        }

        Value.grad = null;
    }

    public void Dispose() => Value?.Dispose();
}
