using TransferLab.Cli;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Tests.Reporting;
using TransferLab.Tests.Training;
using TransferLab.Training;

namespace TransferLab.Tests.Cli;

[Collection(TorchCollection.Name)]
public sealed class BackboneCatalogueTests : IDisposable
{
    private readonly TemporaryFolder _out = new();

    public void Dispose() => _out.Dispose();

    [Theory]
    [InlineData("image", 100, "--image-size 100")]
    [InlineData("text", 2, "--max-tokens 2")]
    [InlineData("text", 513, "3 to 512")]
    public void A_size_that_no_network_sees_is_refused(string kind, int size, string named) =>
        Assert.Contains(named, Assert.Throws<ArgumentException>(() => BackboneCatalog.Create(null, new(kind), size)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_saved_network_of_texts_sees_the_length_that_is_asked_for_or_its_own()
    {
        Backbone small = SmallText.Create();
        string path = Path.Combine(_out.Path, "small.safetensors");
        using (NetworkModel model = new(new TransferNetwork(small.CreatePretrained(), 3, seed: 1), small.Encoder, small.Architecture,
            SmallBackbone.Compute)
        { Classes = ["a", "b", "c"] })
        {
            model.Save(path);
        }

        Assert.Equal(16, Assert.IsType<TextEncoder>(BackboneCatalog.Create(path, InputKind.Text, size: null).Encoder).MaxTokens);
        Assert.Equal(24, Assert.IsType<TextEncoder>(BackboneCatalog.Create(path, InputKind.Text, size: 24).Encoder).MaxTokens);
    }
}
