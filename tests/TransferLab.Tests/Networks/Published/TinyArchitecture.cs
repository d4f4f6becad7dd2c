using TransferLab.Networks;
using TransferLab.Networks.Architectures;
using TransferLab.Networks.Weights;
using static TorchSharp.torch.nn;

namespace TransferLab.Tests.Networks.Published;

/// <summary>A family of one network, published as <c>tiny.weight</c> and <c>tiny.bias</c>, to go the way of a published file with.</summary>
internal sealed class TinyArchitecture : Architecture
{
    public override string Name => "tiny";

    public override bool Describes(string description) => description == "tiny-4";

    public override BackboneNetwork Build(string description)
    {
        TinyNetwork network = new();
        return new(network, [new("flat", network.call, network)], featureWidth: 4);
    }

    public override void Check(SafetensorsFile file, string description, InputEncoder encoder)
    {
    }

    internal override PublishedBackbone? Recognize(PublishedModel model) => model.Weights.Tensors.ContainsKey("tiny.weight") || model.ModelType == "tiny"
        ? new()
        {
            Architecture = Describe("tiny-4"),
            Encoder = new ImageEncoder(model.Options.ImageSize ?? model.Config?.Int("image_size") ?? 8),
            Weights = model.Weights,
            Assumed = "pixels as they are",
            Title = "Tiny, 4 features",
        }
        : null;

    private sealed class TinyNetwork : Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>
    {
        private readonly TorchSharp.Modules.Linear tiny = Linear(3, 4);

        public TinyNetwork() : base("TinyNetwork") => RegisterComponents();

        public override TorchSharp.torch.Tensor forward(TorchSharp.torch.Tensor input) => tiny.call(input.mean([2, 3]));
    }
}
