using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks;

/// <summary>
/// A run of layers that freezes and unfreezes as one. A backbone is a list of them, each fed with the output of the one before.
/// </summary>
public sealed class LayerGroup
{
    private readonly Func<Batch, Batch> _forward;

    /// <summary>A group that is one module.</summary>
    public LayerGroup(string name, Module<Tensor, Tensor> module) : this(name, module.call, module)
    {
    }

    /// <summary>A group that is a function over modules, of the values alone.</summary>
    /// <param name="name">Name in reports, such as <c>stem</c> or <c>layer4.1</c>.</param>
    /// <param name="forward">Maps the output of the group before, [N, ...], to this group's output.</param>
    /// <param name="modules">The modules whose parameters and statistics belong to the group; the network owns them.</param>
    public LayerGroup(string name, Func<Tensor, Tensor> forward, params Module[] modules) : this(name, x => x with { Values = forward(x.Values) }, modules)
    {
    }

    /// <summary>A group that must know more than the values, such as what is padding.</summary>
    /// <param name="name">Name in reports.</param>
    /// <param name="forward">Maps the batch that the group before left to this group's: <c>x with { Values = ... }</c>.</param>
    /// <param name="modules">The modules whose parameters and statistics belong to the group; the network owns them.</param>
    public LayerGroup(string name, Func<Batch, Batch> forward, params Module[] modules)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
        _forward = forward;
        Modules = modules;
    }

    /// <summary>Name in reports.</summary>
    public string Name { get; }

    /// <summary>The modules of the group.</summary>
    public IReadOnlyList<Module> Modules { get; }

    /// <summary>All parameters of the group.</summary>
    public IEnumerable<TorchSharp.Modules.Parameter> Parameters => Modules.SelectMany(module => module.parameters());

    /// <summary>
    /// Prepares the group for many batches with unchanged weights in the given type, until what it returns is disposed.
    /// Nothing where the group has nothing to prepare.
    /// </summary>
    internal Func<ScalarType, IEnumerable<IDisposable>> CastWeights { get; init; } = _ => [];

    /// <summary>
    /// Narrows a group that looks symbols up in a table to the given ones, which alone occur until what it returns is disposed, so that
    /// training passes over those and not a whole vocabulary. Null where the group has no such table.
    /// </summary>
    internal Func<IReadOnlyList<long>, IDisposable>? CompactVocabulary { get; init; }

    /// <summary>
    /// Runs the group; the caller owns the result. What it computed on the way is freed at once, except what gradients need: kept until the end
    /// of a batch, it was most of the memory of a Transformer.
    /// </summary>
    public Batch Forward(Batch x)
    {
        using DisposeScope scope = NewDisposeScope();
        Batch y = _forward(x);
        return ReferenceEquals(y.Values, x.Values) ? y : y with { Values = y.Values.MoveToOuterDisposeScope() };
    }
}
