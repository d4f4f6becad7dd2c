using System.Globalization;
using TransferLab.Networks;
using TransferLab.Networks.Architectures;
using TransferLab.Networks.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Extensions.Tests;

/// <summary>An architecture of one's own: vectors of words, one by one through a small layer. Described by vocabulary and width: <c>word-bag-9-8</c>.</summary>
public sealed class WordBag : Architecture
{
    private const string Prefix = "word-bag-";

    public override string Name => "word-bag";

    public override bool Describes(string description) => description.StartsWith(Prefix, StringComparison.Ordinal)
        && Sizes(description) is [> 0 and < 100_000, > 0 and < 10_000];

    public override BackboneNetwork Build(string description)
    {
        int[] sizes = Sizes(description);
        Network network = new(sizes[0], sizes[1]);
        return new(network, network.Groups, sizes[1]);
    }

    public override void Check(SafetensorsFile file, string description, InputEncoder encoder)
    {
        int[] sizes = Sizes(description);
        if (!file.Tensors.TryGetValue("words.weight", out TensorEntry? entry) || !entry.Shape.SequenceEqual([sizes[0], sizes[1]]))
        {
            throw new WeightsException($"{file.Path}: 'words.weight' is missing or of another shape than '{description}' has.");
        }
    }

    private static int[] Sizes(string description) =>
        [.. description[Prefix.Length..].Split('-').Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int size)
            ? size
            : -1)];

    private sealed class Network : Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Embedding words;
        private readonly TorchSharp.Modules.Linear layer;

        public Network(int vocabulary, int width) : base(nameof(Network))
        {
            words = Embedding(vocabulary, width);
            layer = Linear(width, width);
            RegisterComponents();
        }

        public IReadOnlyList<LayerGroup> Groups => [new("words", words), new("layer", (Batch x) => x with { Values = layer.call(x.Values).tanh() }, layer)];

        public override Tensor forward(Tensor ids) => layer.call(words.call(ids)).tanh();
    }
}
