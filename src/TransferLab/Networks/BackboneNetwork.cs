using TorchSharp;
using TransferLab.Runtime;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks;

/// <summary>A live network: ordered layer groups from input to output, then pooling to one feature vector an example. Owns its tensors.</summary>
public sealed class BackboneNetwork : IDisposable
{
    /// <summary>Wraps a module and the ordered list of its layer groups.</summary>
    /// <param name="module">The module that owns all parameters; disposed with this network.</param>
    /// <param name="groups">Its layer groups from input to output. Fed one into the next they give [N, C, H, W] or [N, T, C], which is pooled, or [N,
    /// C].</param>
    /// <param name="featureWidth">C, the width of the feature vector.</param>
    /// <exception cref="ArgumentException">A parameter of the module belongs to no group, or to two.</exception>
    public BackboneNetwork(Module module, IReadOnlyList<LayerGroup> groups, int featureWidth)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(featureWidth);
        Module = module;
        Groups = groups;
        FeatureWidth = featureWidth;
        CheckGroups();
    }

    /// <summary>The module that owns all parameters.</summary>
    public Module Module { get; }

    /// <summary>Layer groups from input to output.</summary>
    public IReadOnlyList<LayerGroup> Groups { get; }

    /// <summary>Width of the feature vector.</summary>
    public int FeatureWidth { get; }

    /// <summary>Whether the network computes in the type of its input, so that bfloat16 images run in bfloat16 over float32 parameters.</summary>
    public bool FollowsInputType { get; init; }

    /// <summary>How positions become one feature vector.</summary>
    public Pooling Pooling { get; init; } = Pooling.Mean;

    /// <summary>Makes the output layer of a language model, which may compute with the network's own embedding; null where the network is none.</summary>
    public Func<Head>? LanguageHead { get; init; }

    /// <summary>A faster way to go on with one text behind the keys and values of its prompt, for a network in a type; null where there is none, and then for
    /// that network.</summary>
    internal Func<TransferNetwork, ScalarType, KeyValueCache, ITokenDecoder?>? Decoder { get; init; }

    /// <summary>Whether holding a group changes no result: its weights are cast, and nothing else.</summary>
    internal bool HoldsExactly { get; init; }

    /// <summary>Runs the groups [<paramref name="first"/>, <paramref name="last"/>); the caller owns the result, which has the mask of the input.</summary>
    public Batch Forward(Batch x, int first, int last)
    {
        for (int i = first; i < last; i++)
        {
            x = Groups[i].Forward(x);
        }

        return x;
    }

    /// <summary>Runs the groups in front of <paramref name="groups"/>; pools where these are all. The caller owns the result.</summary>
    public Batch Prefix(Batch inputs, int groups)
    {
        Batch x = Forward(inputs, 0, groups);
        return groups == Groups.Count ? Pool(x) : x;
    }

    /// <summary>Pools the output of the last group to float32 features [N, <see cref="FeatureWidth"/>].</summary>
    public Tensor Pool(Batch x) => x.Values.to(ScalarType.Float32) switch
    {
        { Dimensions: 4 } maps => Pooling == Pooling.Mean ? maps.mean([2, 3]) : maps[.., .., 0, 0],
        { Dimensions: 3 } tokens => Pooling switch
        {
            Pooling.Mean => MeanOfTokens(tokens, x.Mask),
            Pooling.Last => LastToken(tokens, x.Mask),
            _ => tokens[.., 0],
        },
        { Dimensions: 2 } features => features,
        var other => throw new ArgumentException($"A backbone ends in [N, C, H, W], [N, T, C] or [N, C]; this one ends in [{string.Join(", ", other.shape)}]."),
    };

    private static Tensor LastToken(Tensor tokens, Tensor? mask)
    {
        if (mask is null)
        {
            return tokens[.., -1];
        }

        long width = tokens.shape[2];
        // (N, 1)
        Tensor last = (mask.to(ScalarType.Float32) * Arithmetic.Count((int)mask.shape[1], mask.device).to(ScalarType.Float32)).argmax(1, keepdim: true);
        return tokens.gather(1, last.unsqueeze(2).expand(-1, 1, width)).squeeze(1);                                          // (N, C)
    }

    private static Tensor MeanOfTokens(Tensor tokens, Tensor? mask)
    {
        if (mask is null)
        {
            return tokens.mean([1]);
        }

        Tensor weights = mask.to(ScalarType.Float32).unsqueeze(2);             // (N, T, 1)
        return (tokens * weights).sum([1]) / weights.sum([1]);                 // (N, C)
    }

    /// <summary>Prepares the first <paramref name="groups"/> groups for many batches with unchanged weights, until disposed.</summary>
    internal IDisposable CastWeights(int groups, ScalarType type) =>
        new Disposables([.. Groups.Take(groups).SelectMany(group => group.CastWeights(type))]);

    /// <summary>Narrows what trains to the symbols that occur, until disposed; see <see cref="LayerGroup.CompactVocabulary"/>.</summary>
    internal IDisposable CompactVocabulary(IReadOnlyList<long>? symbols) => new Disposables(symbols is null ? [] :
        [.. Groups.Where(group => group.CompactVocabulary is not null && group.Parameters.All(parameter => parameter.requires_grad)).Select(group =>
            group.CompactVocabulary!(symbols))]);

    /// <inheritdoc/>
    public void Dispose() => Module.Dispose();

    private void CheckGroups()
    {
        HashSet<IntPtr> seen = [];
        foreach (LayerGroup group in Groups)
        {
            foreach (Module module in group.Modules)
            {
                foreach ((string name, TorchSharp.Modules.Parameter parameter) in module.named_parameters())
                {
                    if (!seen.Add(parameter.Handle))
                    {
                        throw new ArgumentException($"Parameter '{name}' of layer group '{group.Name}' is in an earlier group too; each belongs to one.",
                            nameof(Groups));
                    }
                }
            }
        }

        string[] orphans = [.. Module.named_parameters().Where(p => !seen.Contains(p.parameter.Handle)).Select(p => p.name)];
        if (orphans.Length > 0)
        {
            throw new ArgumentException($"Parameters in no layer group: {string.Join(", ", orphans)}. Add their modules to a group.", nameof(Groups));
        }
    }
}
