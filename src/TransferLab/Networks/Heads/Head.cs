using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks;

/// <summary>The end of a network: from pooled features to outputs. It may have parameters of its own, or compute with those of the backbone. Owns its
/// modules.</summary>
public abstract class Head : IDisposable
{
    /// <summary>Its modules by their names in a file, in the order of the pass; empty where it has no parameters of its own.</summary>
    public abstract IReadOnlyList<(string Name, Module Module)> Modules { get; }

    /// <summary>Width of its output.</summary>
    public abstract int Outputs { get; }

    /// <summary>
    /// Whether it starts at random: then it trains in every phase with targets. A head that was pretrained, or that computes with the backbone's own weights,
    /// trains only where a phase selects it.
    /// </summary>
    public virtual bool IsNew => true;

    /// <summary>Whether it computes with the backbone's table of symbols, which then must stay whole: the outputs are its symbols.</summary>
    public virtual bool IsTied => false;

    /// <summary>All parameters of its own.</summary>
    public IEnumerable<Parameter> Parameters => Modules.SelectMany(item => item.Module.parameters());

    /// <summary>Maps features [N, width] float32 to outputs [N, <see cref="Outputs"/>] float32. The caller owns the result.</summary>
    public abstract Tensor Forward(Tensor features);

    /// <summary>Prepares it for many batches with unchanged weights in a type, until what it returns is disposed; null where there is nothing to
    /// prepare.</summary>
    internal virtual IDisposable? CastWeights(ScalarType type) => null;

    /// <summary>Whether nothing that it computes with is being trained, the backbone's table included.</summary>
    internal virtual bool IsFrozen => false;

    /// <summary>All weights by name.</summary>
    internal IEnumerable<(string Name, Tensor Value)> State() =>
        Modules.SelectMany(item => item.Module.state_dict().Select(pair => ($"{item.Name}.{pair.Key}", pair.Value)));

    internal void Train(bool trains = true)
    {
        foreach ((_, Module module) in Modules)
        {
            module.train(trains);
        }
    }

    internal void MoveTo(Device device)
    {
        foreach ((_, Module module) in Modules)
        {
            module.to(device);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees its modules.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach ((_, Module module) in Modules)
            {
                module.Dispose();
            }
        }
    }
}
