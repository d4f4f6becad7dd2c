using TorchSharp;
using TorchSharp.Modules;
using TransferLab.Runtime;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks;

/// <summary>A backbone with a head: the network that a strategy trains. Owns both, except a backbone that is shared.</summary>
public sealed class TransferNetwork : IDisposable
{
    private readonly IDisposable _backbone;
    private readonly HashSet<string> _moved = new(StringComparer.Ordinal);
    private readonly Lazy<HashSet<string>> _body;

    /// <summary>Puts a new head on a backbone.</summary>
    /// <param name="backbone">Owned by this network from here on.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="seed">Seed of the head's weights, which start small: N(0, 0.01), bias zero.</param>
    /// <param name="hiddenUnits">Width of a hidden layer in front of it; null for none.</param>
    public TransferNetwork(BackboneNetwork backbone, int classes, int seed, int? hiddenUnits = null)
        : this(backbone, new ClassificationHead(backbone.FeatureWidth, classes, new() { HiddenUnits = hiddenUnits }, seed))
    {
    }

    /// <summary>Puts a head on a backbone.</summary>
    /// <param name="backbone">Owned by this network from here on.</param>
    /// <param name="head">Likewise.</param>
    public TransferNetwork(BackboneNetwork backbone, Head head) : this(backbone, backbone, head)
    {
    }

    /// <summary>Puts a head on a backbone that others use too.</summary>
    /// <param name="backbone">A backbone that nobody changes.</param>
    /// <param name="lease">Disposed with this network, in the backbone's stead.</param>
    /// <param name="head">Owned by this network from here on.</param>
    internal TransferNetwork(BackboneNetwork backbone, IDisposable lease, Head head) => (Backbone, _backbone, Head, _body) =
        (backbone, lease, head, new(() => [.. backbone.Module.state_dict().Keys]));

    /// <summary>The backbone.</summary>
    public BackboneNetwork Backbone { get; }

    /// <summary>The head.</summary>
    public Head Head { get; }

    /// <summary>The head as a linear layer on features, with or without a hidden one.</summary>
    /// <exception cref="NotSupportedException">It is another.</exception>
    internal ClassificationHead Classifier => Head as ClassificationHead
        ?? throw new NotSupportedException($"This needs a linear head; the network ends in a {Head.GetType().Name}.");

    /// <summary>Low-rank updates beside the weights of the backbone; null where there are none, or none any more.</summary>
    internal AdapterSet? Adapters { get; private set; }

    /// <summary>Whether adapters count in forward passes; they stay where they are otherwise.</summary>
    internal bool UsesAdapters { get; set; } = true;

    /// <summary>The adapters that count in forward passes now.</summary>
    internal AdapterSet? ActiveAdapters => UsesAdapters && Adapters is { IsMerged: false } ? Adapters : null;

    /// <summary>Whether no other network computes with the backbone.</summary>
    internal bool OwnsBackbone => ReferenceEquals(_backbone, Backbone);

    /// <summary>Names of the backbone's weights and statistics that may differ from those that a run starts from.</summary>
    internal IReadOnlySet<string> MovedInBackbone => _moved;

    /// <summary>Draws what is random in training, such as dropout; torch's own generator where null.</summary>
    internal Generator? Random { get; set; }

    /// <summary>Width of the output: the number of classes.</summary>
    public int Outputs => Head.Outputs;

    /// <summary>All parameters.</summary>
    public IEnumerable<Parameter> Parameters => Backbone.Module.parameters().Concat(Head.Parameters);

    /// <summary>Runs from the output of the first <paramref name="done"/> groups to outputs [N, outputs] float32, such as logits. The caller owns the
    /// result.</summary>
    /// <param name="x">Output of the group before: pooled features [N, width] where all groups are done.</param>
    /// <param name="done">Groups that <paramref name="x"/> has passed.</param>
    public Tensor Logits(Batch x, int done)
    {
        using ForwardPass pass = ForwardPass.Begin(Random, ActiveAdapters);
        return Head.Forward(PooledFeatures(x, done));
    }

    /// <summary>Runs from the output of the first <paramref name="done"/> groups to features [N, width] float32. The caller owns the result.</summary>
    internal Tensor Features(Batch x, int done)
    {
        using ForwardPass pass = ForwardPass.Begin(Random, ActiveAdapters);
        return PooledFeatures(x, done);
    }

    /// <summary>Runs from the output of the first <paramref name="done"/> groups to that of the last, not pooled: [N, T, width] for texts, in the network's
    /// type.</summary>
    internal Tensor Hidden(Batch x, int done)
    {
        using ForwardPass pass = ForwardPass.Begin(Random, ActiveAdapters);
        return Backbone.Forward(x, done, Backbone.Groups.Count).Values;
    }

    /// <summary>Casts the weights that stay as they are once for many batches, until disposed; nothing where that would change a result.</summary>
    internal IDisposable HoldFrozen(ScalarType type)
    {
        bool isAll = Backbone.HoldsExactly && type != ScalarType.Float32;
        IEnumerable<IDisposable> held = !isAll
            ? []
            : Backbone.Groups.Where(group => group.Parameters.All(parameter => !parameter.requires_grad)).SelectMany(group => group.CastWeights(type));
        return new Disposables([.. held, .. new[] { isAll ? Head.CastWeights(type) : null }.OfType<IDisposable>()]);
    }

    /// <summary>Runs the groups in front of <paramref name="groups"/>; pools where these are all.</summary>
    public Batch Prefix(Batch inputs, int groups)
    {
        using ForwardPass pass = ForwardPass.Begin(Random, ActiveAdapters);
        return Backbone.Prefix(inputs, groups);
    }

    /// <summary>All weights and statistics by name: the backbone's own names, the head under <c>head.</c>, low-rank updates that are not merged under
    /// <c>lora.</c></summary>
    public Dictionary<string, Tensor> State()
    {
        Dictionary<string, Tensor> state = Backbone.Module.state_dict();
        foreach ((string name, Tensor value) in Head.State().Concat(Adapters?.State() ?? []))
        {
            state.Add(name, value);
        }

        return state;
    }

    /// <summary><see cref="State"/> as a network without adapters has it: their sums with the weights. Those belong to the present dispose scope.</summary>
    /// <param name="adapted">False for the weights without their adapters.</param>
    internal Dictionary<string, Tensor> MergedState(bool adapted = true)
    {
        Dictionary<string, Tensor> state = Backbone.Module.state_dict()
            .Concat(Head.State().Select(item => new KeyValuePair<string, Tensor>(item.Name, item.Value))).ToDictionary();
        foreach ((string name, LowRankLayer update) in adapted && Adapters is { IsMerged: false } ? Adapters.Updates : [])
        {
            state[name + ".weight"] = update.Merged();
        }

        return state;
    }

    /// <summary><see cref="State"/> with the whole of every table of which a part is trained for now.</summary>
    internal Dictionary<string, Tensor> WholeState()
    {
        Dictionary<string, Tensor> state = State();
        foreach ((string name, Module module) in Backbone.Module.named_modules())
        {
            if (module is TokenEmbedding { Whole: { } whole })
            {
                state[name + ".weight"] = whole;
            }
        }

        return state;
    }

    /// <summary>Of a state what may differ from the weights that a run starts from: all that this or an earlier phase trained, and heads and
    /// adapters.</summary>
    internal IEnumerable<KeyValuePair<string, Tensor>> Moved(Dictionary<string, Tensor> state) =>
        state.Where(pair => _moved.Contains(pair.Key) || !_body.Value.Contains(pair.Key));

    /// <summary>Counts what trains now as moved: parameters, the layers beside which adapters stand, and buffers of layers in training mode.</summary>
    /// <param name="merges">Whether adapters will be added to the weights, or stay beside them.</param>
    internal void CountMoved(bool merges)
    {
        _moved.UnionWith(MovingInBackbone());
        _moved.UnionWith((merges ? Adapters?.Updates ?? [] : []).Select(pair => pair.Key + ".weight"));
    }

    /// <summary>Names of what trains now of the backbone: parameters, and buffers of layers in training mode.</summary>
    internal IEnumerable<string> MovingInBackbone() =>
    [
        .. Backbone.Module.named_parameters().Where(item => item.parameter.requires_grad).Select(item => item.name),
        .. Backbone.Module.named_modules().Where(item => item.module.training)
            .SelectMany(item => item.module.named_buffers(recurse: false).Select(buffer => $"{item.name}.{buffer.name}")),
    ];

    /// <summary>Counts weights or statistics of the backbone as moved.</summary>
    internal void CountMoved(IEnumerable<string> names) => _moved.UnionWith(names);

    /// <summary>Puts adapters beside the weights, in place of those that there are.</summary>
    internal void Adapt(AdapterSet? adapters)
    {
        Discard();
        Adapters = adapters;
    }

    /// <summary>Adds adapters to the weights and removes them: the network computes the same.</summary>
    internal void Merge()
    {
        Adapters?.Merge();
        Discard();
    }

    /// <summary>Removes adapters without adding them.</summary>
    internal void Discard()
    {
        Adapters?.Dispose();
        Adapters = null;
    }

    /// <summary>Moves all weights to a device.</summary>
    public void MoveTo(Device device)
    {
        Backbone.Module.to(device);
        Head.MoveTo(device);
    }

    /// <summary>Evaluation mode everywhere, no gradients.</summary>
    public void Evaluate()
    {
        Backbone.Module.eval();
        Head.Train(trains: false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Adapters?.Dispose();
        _backbone.Dispose();
        Head.Dispose();
    }

    private Tensor PooledFeatures(Batch x, int done)
    {
        int groups = Backbone.Groups.Count;
        return Backbone.Pool(Backbone.Forward(x, done, groups)); // What was pooled already stays as it is.
    }
}
