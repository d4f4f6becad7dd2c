using System.Security.Cryptography;
using System.Text;
using TransferLab.Networks;
using TransferLab.Networks.Weights;
using TransferLab.Tests.Reporting;
using TransferLab.Tests.Training;
using static TorchSharp.torch;

namespace TransferLab.Tests.Networks.Published;

[Collection(TorchCollection.Name)]
public sealed class PublishedFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Registry _registry = Registry.Known.With(new TinyArchitecture());

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_of_the_hubs_layout_becomes_a_backbone_with_its_licence()
    {
        string file = Weights("model.safetensors");
        Write("config.json", """{"model_type": "tiny", "image_size": 16}""");
        Write("README.md", "---\nlicense: cc-by-nc-4.0\ntags:\n- x\n---\n# Tiny\n");
        Backbone folder = PublishedFiles.Open(_folder.Path, registry: _registry), alone = PublishedFiles.Open(file, registry: _registry);
        Assert.Equal(16, ((ImageEncoder)folder.Encoder).Size);
        Assert.Equal(16, ((ImageEncoder)alone.Encoder).Size); // The configuration belongs to a file of the usual name.
        Assert.Equal(("cc-by-nc-4.0", "Tiny, 4 features"), (folder.Card.Licence, folder.Card.Architecture));
        using BackboneNetwork network = folder.CreatePretrained();
        Assert.Equal(7, network.Module.state_dict()["tiny.bias"].mean().item<float>());
    }

    [Fact]
    public void A_file_of_another_name_is_read_without_what_lies_beside_it()
    {
        string file = Weights("tiny.safetensors");
        Write("config.json", """{"model_type": "tiny", "image_size": 16}""");
        Assert.Equal(8, ((ImageEncoder)PublishedFiles.Open(file, registry: _registry).Encoder).Size);
        Assert.Equal(24, ((ImageEncoder)PublishedFiles.Open(file, new() { ImageSize = 24 }, _registry).Encoder).Size);
    }

    [Fact]
    public void A_look_at_a_file_tells_its_tensors_and_what_it_becomes_or_why_not()
    {
        string file = Weights("tiny.safetensors");
        PublishedSummary known = PublishedFiles.Inspect(file, registry: _registry), unknown = PublishedFiles.Inspect(file);
        Assert.Equal(["tiny.bias", "tiny.weight"], known.Tensors.Select(tensor => tensor.Name));
        Assert.Equal((16, "pixels as they are", null), (known.Values, known.Assumed, known.Fault));
        Assert.Equal(("Tiny, 4 features", "pixels as they are"), (known.Backbone!.Card.Architecture, known.Backbone.Card.Assumed));
        Assert.Null(unknown.Backbone);
        Assert.Contains("of no family that their names tell", unknown.Fault, StringComparison.Ordinal);
        Write("broken.safetensors", "no weights");
        Assert.Throws<WeightsException>(() => PublishedFiles.Inspect(Path.Combine(_folder.Path, "broken.safetensors")));
    }

    [Fact]
    public void The_hash_of_shards_is_that_of_the_list_of_them_as_sha256sum_prints_it()
    {
        using PublishedTextFolder one = new(), shards = new(sharded: true);
        static string Hash(byte[] bytes) => Convert.ToHexString(SHA256.HashData(bytes)).ToLowerInvariant();
        string[] names = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"];
        string list = string.Concat(names.Select(name => $"{Hash(File.ReadAllBytes(shards.At(name)))}  {name}\n"));
        BackboneCard card = PublishedFiles.Open(shards.Path).Card;
        Assert.Equal(Hash(Encoding.UTF8.GetBytes(list)), card.Sha256);
        Assert.Equal(Hash(File.ReadAllBytes(one.At("model.safetensors"))), PublishedFiles.Open(one.Path).Card.Sha256);
        Assert.Equal(card.Sha256, PublishedCard.HashOf(shards.Path));
        Assert.Equal("classifier.bias (F32 [3]), classifier.weight (F32 [3, 16])", card.LeftOut);
    }

    [Theory]
    [InlineData("apache-2.0", null, "apache-2.0")]
    [InlineData("other", "own terms", "own terms")]
    [InlineData("", null, "not stated")]
    public void A_GGUF_file_states_its_licence_itself(string licence, string? name, string expected)
    {
        string path = Path.Combine(_folder.Path, "model.gguf");
        Dictionary<string, object> metadata = new() { ["general.architecture"] = "tiny", ["general.license"] = licence };
        if (name is not null)
        {
            metadata["general.license.name"] = name;
        }

        using Tensor values = ones([2, 2]);
        GgufWriter.Write(path, metadata, [GgufTensor.Of("a", values, "F32")]);
        Assert.Equal(expected, PublishedFiles.Inspect(path).Licence);
    }

    private string Weights(string name)
    {
        string path = Path.Combine(_folder.Path, name);
        using Tensor weight = ones([4, 3]), bias = full([4], 7f);
        SafetensorsWriter.Write(path, [("tiny.weight", weight), ("tiny.bias", bias)]);
        return path;
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.Path, name), text);
}
