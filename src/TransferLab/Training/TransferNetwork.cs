using TorchSharp;
using TorchSharp.Modules;
using TransferLab.Networks;
using TransferLab.Runtime;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Training;

/// <summary>
/// A backbone with a head, linear or with one hidden layer: the network that a strategy trains. Owns both, except a backbone that is shared.
/// </summary>
public sealed class TransferNetwork : IDisposable
{
    internal const string HiddenWeight = HiddenPrefix + "weight";
    internal const int MostHiddenUnits = 65_536;
    private const string HiddenPrefix = "head.hidden.";
    private const double HiddenDropout = 0.2;
    private readonly IDisposable _backbone;

    /// <summary>Puts a new head on a backbone.</summary>
    /// <param name="backbone">Owned by this network from here on.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="seed">Seed of the head's weights, which start small: N(0, 0.01), bias zero.</param>
    /// <param name="hiddenUnits">Width of a hidden layer in front of it; null for none.</param>
    public TransferNetwork(BackboneNetwork backbone, int classes, int seed, int? hiddenUnits = null) : this(backbone, backbone, classes, seed, hiddenUnits)
    {
    }

    /// <summary>Puts a new head on a backbone that others use too.</summary>
    /// <param name="backbone">A backbone that nobody changes.</param>
    /// <param name="lease">Disposed with this network, in the backbone's stead.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="seed">Seed of the head's weights.</param>
    /// <param name="hiddenUnits">Width of a hidden layer in front of it; null for none.</param>
    internal TransferNetwork(BackboneNetwork backbone, IDisposable lease, int classes, int seed, int? hiddenUnits = null)
    {
        Backbone = backbone;
        _backbone = lease;
        using RandomState random = RandomState.Seeded(seed);
        Head = Linear(hiddenUnits ?? backbone.FeatureWidth, classes);
        init.normal_(Head.weight!, 0, 0.01);
        init.zeros_(Head.bias!);
        Hidden = hiddenUnits is { } units ? Linear(backbone.FeatureWidth, units) : null;
    }

    /// <summary>The backbone.</summary>
    public BackboneNetwork Backbone { get; }

    /// <summary>The hidden layer in front of the head, features [N, width] to [N, hidden]; null where the head is linear.</summary>
    public Linear? Hidden { get; }

    /// <summary>The head: features [N, width], or those of the hidden layer, to logits [N, classes].</summary>
    public Linear Head { get; }

    /// <summary>Low-rank updates that train in place of weights; null in phases without, and once they are merged.</summary>
    internal LowRankAdapters? Adapters { get; private set; }

    /// <summary>Number of classes.</summary>
    public int Classes => (int)Head.weight!.shape[0];

    /// <summary>All parameters.</summary>
    public IEnumerable<Parameter> Parameters => Backbone.Module.parameters().Concat(HeadParameters);

    /// <summary>Parameters of the head, its hidden layer included.</summary>
    internal IEnumerable<Parameter> HeadParameters => Hidden is null ? Head.parameters() : Hidden.parameters().Concat(Head.parameters());

    /// <summary>Runs from the output of the first <paramref name="done"/> groups to logits [N, classes] float32. The caller owns the result.</summary>
    /// <param name="x">Output of the group before: pooled features [N, width] where all groups are done.</param>
    /// <param name="done">Groups that <paramref name="x"/> has passed.</param>
    public Tensor Logits(Activation x, int done)
    {
        Tensor features = Features(x, done);
        return Head.call(Hidden is null ? features : functional.dropout(Hidden.call(features).relu_(), HiddenDropout, Head.training));
    }

    /// <summary>Runs from the output of the first <paramref name="done"/> groups to features [N, width] float32. The caller owns the result.</summary>
    internal Tensor Features(Activation x, int done)
    {
        int groups = Backbone.Groups.Count;
        Tensor features = done == groups ? x.Values : Backbone.Pool(Backbone.Forward(x, done, groups));
        return features.to(ScalarType.Float32);
    }

    /// <summary>Runs the groups in front of <paramref name="groups"/>; pools where these are all.</summary>
    public Activation Prefix(Activation inputs, int groups)
    {
        Activation x = Backbone.Forward(inputs, 0, groups);
        return groups == Backbone.Groups.Count ? Backbone.Pool(x) : x;
    }

    /// <summary>All weights and statistics by name: the backbone's own names, the head under <c>head.</c>, low-rank updates that are not merged under <c>lora.</c></summary>
    public Dictionary<string, Tensor> State()
    {
        Dictionary<string, Tensor> state = Backbone.Module.state_dict();
        foreach ((string name, Tensor value) in Head.state_dict())
        {
            state.Add("head." + name, value);
        }

        foreach ((string name, Tensor value) in Hidden?.state_dict() ?? [])
        {
            state.Add(HiddenPrefix + name, value);
        }

        foreach ((string name, Tensor value) in Adapters?.State() ?? [])
        {
            state.Add(name, value);
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

    /// <summary>Puts the adapters of a phase beside the weights, where it has some.</summary>
    internal void Adapt(Strategies.Phase phase, int seed) => Adapters = phase.Lora is null ? null : new(Backbone, phase.Trains, phase.Lora, seed);

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
        Head.to(device);
        Hidden?.to(device);
    }

    /// <summary>Evaluation mode everywhere, no gradients.</summary>
    public void Evaluate()
    {
        Backbone.Module.eval();
        Head.eval();
        Hidden?.eval();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Adapters?.Dispose();
        _backbone.Dispose();
        Head.Dispose();
        Hidden?.Dispose();
    }
}
