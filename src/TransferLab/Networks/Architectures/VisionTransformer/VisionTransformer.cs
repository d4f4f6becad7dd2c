using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks.Architectures;

/// <summary>
/// A vision transformer without its classifier (Dosovitskiy et al. 2020, arXiv:2010.11929), which sees patches as tokens behind a class token; DINOv2 (Oquab et
/// al. 2023, arXiv:2304.07193) and CLIP's image tower (Radford et al. 2021, arXiv:2103.00020) included. It computes in the type of its input over float32
/// parameters.
/// </summary>
internal sealed class VisionTransformer : Module<Tensor, Tensor>
{
    private readonly VisionTransformerShape _shape;
    private readonly PatchEmbeddings embeddings;
    private readonly ModuleList<VisionTransformerLayer> layers;
    private readonly LayerNorm norm;

    /// <summary>Builds the network with random weights, N(0, 0.02), drawn from torch's generator.</summary>
    public VisionTransformer(VisionTransformerShape shape) : base(nameof(VisionTransformer))
    {
        _shape = shape;
        embeddings = new(shape);
        layers = new([.. Enumerable.Range(0, shape.Layers).Select(_ => new VisionTransformerLayer(shape))]);
        norm = LayerNorm(shape.Width);
        RegisterComponents();
    }

    /// <summary>The layer groups from input to output: the embeddings, then every layer; the last one with the normalisation behind it.</summary>
    public IReadOnlyList<LayerGroup> Groups =>
    [
        new("embeddings", embeddings),
        .. layers.Take(_shape.Layers - 1).Select((layer, i) => new LayerGroup($"layer.{i}", layer) { CastWeights = layer.CastWeights }),
        new($"layer.{_shape.Layers - 1}", Last, layers[^1], norm) { CastWeights = layers[^1].CastWeights },
    ];

    /// <summary>Maps images [N, 3, H, W] to tokens [N, 1 + registers + patches, width], the class token first.</summary>
    public override Tensor forward(Tensor images) => Last(layers.Take(_shape.Layers - 1).Aggregate(embeddings.call(images), (x, layer) => layer.call(x)));

    /// <summary>Normalises the last axis, of any type.</summary>
    internal static Tensor Normalize(Tensor x, LayerNorm norm, double epsilon) => functional.layer_norm(x, [x.shape[^1]], norm.weight, norm.bias, epsilon);

    /// <summary>A linear layer of random weights as in pretraining.</summary>
    internal static Linear Dense(int inputs, int outputs, bool hasBias = true)
    {
        Linear linear = Linear(inputs, outputs, hasBias);
        init.normal_(linear.weight!, 0, 0.02);
        if (linear.bias is { } bias)
        {
            init.zeros_(bias);
        }

        return linear;
    }

    private Tensor Last(Tensor x) => Normalize(layers[^1].call(x), norm, _shape.Epsilon);
}
