using TransferLab.Cli;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Strategies;
using TransferLab.Tests.Networks.Published;
using TransferLab.Tests.Reporting;
using TransferLab.Tests.Training;
using TransferLab.Training;

namespace TransferLab.Tests.Cli;

/// <summary>What the command line makes of a model in the hub's layout: prefix, what is left aside, room for what is written.</summary>
[Collection(TorchCollection.Name)]
public sealed class PublishedBackboneTests : IDisposable
{
    private readonly PublishedTextFolder _published = new();
    private readonly TemporaryFolder _out = new();

    public void Dispose()
    {
        _published.Dispose();
        _out.Dispose();
    }

    [Fact]
    public void Multilingual_E5_reads_its_prefix_before_every_text_unless_another_is_given()
    {
        KnownModel e5 = KnownModels.Find("hf:intfloat/multilingual-e5-small")!;
        ModelSource source = new(e5.Name) { Path = _published.Path, Known = e5 };
        Assert.Equal("query: ", PrefixOf(BackboneCatalog.Open(source, null)));
        Assert.Equal("passage: ", PrefixOf(BackboneCatalog.Open(source, null, new() { Options = new() { Prefix = "passage: " } })));
        Assert.Equal("", PrefixOf(BackboneCatalog.Open(source, null, new() { Options = new() { Prefix = "" } })));
        Assert.Equal("", PrefixOf(BackboneCatalog.Create(_published.Path, InputKind.Text, null)));
        Assert.Contains("after 'query: '", BackboneCatalog.Open(source, null).Encoder.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void A_saved_model_keeps_its_prefix_and_refuses_another()
    {
        Backbone backbone = BackboneCatalog.Create(_published.Path, InputKind.Text, null, new() { Options = new() { Prefix = "query: " } });
        string path = Path.Combine(_out.Path, "saved.safetensors");
        TransferNetwork network = new(backbone.CreatePretrained(), 3, seed: 1);
        using (NetworkModel model = new(network, backbone.Encoder, backbone.Architecture, SmallBackbone.Compute) { Classes = ["a", "b", "c"] })
        {
            model.Save(path);
        }

        Backbone saved = BackboneCatalog.Create(path, InputKind.Text, null);
        Assert.Equal(("query: ", backbone.Encoder.Key), (PrefixOf(saved), saved.Encoder.Key));
        string Refusal(string name) =>
            Assert.Throws<ArgumentException>(() => BackboneCatalog.Create(name, InputKind.Text, null, new() { Options = new() { Prefix = "x" } })).Message;
        Assert.Contains("was saved with all that it needs", Refusal(path), StringComparison.Ordinal);
        Assert.Contains("--prefix", Refusal("minilm"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_head_that_it_was_published_with_is_said_to_be_left_aside()
    {
        (int code, string output, string error) = CliProcess.Run("backbones", "inspect", _published.Path);
        Assert.True(code == 0, error);
        Assert.Contains("aside     classifier.bias (F32 [3]), classifier.weight (F32 [3, 16])", output, StringComparison.Ordinal);
        using StringWriter said = new();
        Display.Describe(BackboneCatalog.Create(_published.Path, InputKind.Text, null), said);
        string[] lines = said.ToString().Split(Environment.NewLine);
        Assert.EndsWith("; left aside of its files: classifier.bias (F32 [3]), classifier.weight (F32 [3, 16])", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("assumed   ", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Room_is_asked_for_as_the_backbone_is_large_and_not_for_what_uses_none()
    {
        Backbone published = BackboneCatalog.Create(_published.Path, InputKind.Text, null), packaged = SmallText.Create();
        long without = BackboneCatalog.ModelBytes(ClassicalStrategy.Default(), published);
        Assert.Equal(sizeof(float) * _published.Values, BackboneCatalog.ModelBytes(TransferStrategy.Full(), published) - without);
        Assert.Equal(sizeof(float) * _published.Values, BackboneCatalog.ModelBytes(TransferStrategy.Frozen(), packaged) - without);
        Assert.Throws<IOException>(() => OutputFile.CheckSpace("--out", Path.Combine(_out.Path, "x.onnx"), long.MaxValue / 2));
    }

    private static string PrefixOf(Backbone backbone) => Assert.IsType<TextEncoder>(backbone.Encoder).Prefix;
}
