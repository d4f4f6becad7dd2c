using System.Text.Json;
using TorchSharp;
using TransferLab.Networks;
using TransferLab.Networks.Architectures;
using TransferLab.Networks.Weights;
using static TorchSharp.torch;

namespace TransferLab.Architectures.Tests;

/// <summary>Encoders of texts beside transformers: hidden states, loss and gradients of networks whose weights a formula gives, from the folder to the
/// gradient.</summary>
public sealed class TextNetworkTests
{
    public static TheoryData<string> Families { get; } = ["bert", "distilbert", "roberta", "xlm-roberta", "electra", "mpnet", "modernbert"];

    [Theory]
    [MemberData(nameof(Families))]
    public void Hidden_states_loss_and_gradients_are_those_of_transformers(string name)
    {
        using GoldenNetwork golden = new GoldenNetwork(name).Write().WithTokenizer();
        Backbone backbone = PublishedFiles.Open(golden.Folder);
        using BackboneNetwork network = backbone.CreatePretrained();
        network.Module.eval();
        using DisposeScope scope = NewDisposeScope();
        Batch last = network.Forward(new(golden.Ids!, golden.Mask), 0, network.Groups.Count);

        golden.AssertOutput("hidden of row 0", last.Values[0]);
        golden.AssertOutput("hidden of row 1, its 6 valid tokens", last.Values[1, ..6]);
        golden.AssertOutput("mean pooled", network.Pool(last));
        Tensor loss = cat([last.Values[0], last.Values[1, ..6]]).square().mean();
        golden.AssertLoss(loss);
        loss.backward();
        Dictionary<string, TorchSharp.Modules.Parameter> parameters = network.Module.named_parameters().ToDictionary(item => item.name, item => item.parameter);
        Assert.Equal(golden.Rows.Select(row => backbone.Architecture!.Architecture.ParameterName(row.Name)!).Order(StringComparer.Ordinal),
            parameters.Keys.Order(StringComparer.Ordinal));
        golden.AssertGradients(published => Math.Pow(parameters[backbone.Architecture!.Architecture.ParameterName(published)!].grad!.norm().item<float>(), 2));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void The_tensors_that_a_shape_counts_are_those_of_its_network(string name)
    {
        using GoldenNetwork golden = new GoldenNetwork(name).Write().WithTokenizer();
        ArchitectureDescription architecture = PublishedFiles.Open(golden.Folder).Architecture!;
        using BackboneNetwork network = architecture.Build();
        Assert.Equal(
            network.Module.state_dict().Select(item => $"{item.Key} [{string.Join(", ", item.Value.shape)}]").Order(StringComparer.Ordinal),
            Tensors(architecture).Select(item => $"{item.Name} [{string.Join(", ", item.Shape)}]").Order(StringComparer.Ordinal));
        Assert.Equal(architecture.Text, new ArchitectureDescription(architecture.Architecture, architecture.Text).Text);
    }

    [Theory]
    [InlineData("bert-base-uncased",
        """{"model_type":"bert","vocab_size":30522,"hidden_size":768,"num_hidden_layers":12,"num_attention_heads":12,"intermediate_size":3072,"max_position_embeddings":512}""", true)]
    [InlineData("distilbert-base-uncased",
        """{"model_type":"distilbert","vocab_size":30522,"dim":768,"n_layers":6,"n_heads":12,"hidden_dim":3072,"max_position_embeddings":512}""", false)]
    [InlineData("roberta-base",
        """{"model_type":"roberta","vocab_size":50265,"hidden_size":768,"num_hidden_layers":12,"num_attention_heads":12,"intermediate_size":3072,"max_position_embeddings":514,"type_vocab_size":1}""", true)]
    [InlineData("xlm-roberta-base",
        """{"model_type":"xlm-roberta","vocab_size":250002,"hidden_size":768,"num_hidden_layers":12,"num_attention_heads":12,"intermediate_size":3072,"max_position_embeddings":514,"type_vocab_size":1}""", true)]
    [InlineData("electra-small",
        """{"model_type":"electra","vocab_size":30522,"embedding_size":128,"hidden_size":256,"num_hidden_layers":12,"num_attention_heads":4,"intermediate_size":1024,"max_position_embeddings":512}""", false)]
    [InlineData("mpnet-base",
        """{"model_type":"mpnet","vocab_size":30527,"hidden_size":768,"num_hidden_layers":12,"num_attention_heads":12,"intermediate_size":3072,"max_position_embeddings":514}""", true)]
    public void Parameters_and_tensors_are_those_of_the_published_models(string name, string config, bool hasPooler)
    {
        BertShape shape = BertConfig.Shape(PublishedConfig.Parse(System.Text.Encoding.UTF8.GetBytes(config), name))!;
        AssertSize(name, [.. shape.Tensors()], hasPooler ? shape.Width : null);
    }

    [Fact]
    public void Parameters_and_tensors_of_ModernBERT_are_those_of_the_published_model() => AssertSize(
        "ModernBERT-base", [.. new ModernBertShape { Layers = 22, Width = 768, Heads = 12, FeedForward = 1152, Vocabulary = 50368 }.Tensors()], pooler: null);

    [Fact]
    public void A_checkpoint_of_pretraining_loads_with_old_names_a_prefix_and_heads_that_are_left_out()
    {
        using GoldenNetwork golden = new GoldenNetwork("bert").Write().WithTokenizer();
        using DisposeScope scope = NewDisposeScope();
        static string Old(string name) => "bert."
            + (!name.Contains("LayerNorm", StringComparison.Ordinal)
                ? name
                : name.Replace("LayerNorm.weight", "LayerNorm.gamma", StringComparison.Ordinal).Replace("LayerNorm.bias", "LayerNorm.beta",
                    StringComparison.Ordinal));
        SafetensorsWriter.Write(Path.Combine(golden.Folder, "model.safetensors"),
        [
            .. golden.Rows.Select(row => (Old(row.Name), GoldenNetwork.Fill(row.Name, row.Shape))), ("bert.embeddings.position_ids", arange(40).unsqueeze(0)),
            ("bert.pooler.dense.weight", ones(32, 32)), ("bert.pooler.dense.bias", ones(32)), ("cls.predictions.bias", ones(100)),
        ], new Dictionary<string, string>());
        using BackboneNetwork network = PublishedFiles.Open(golden.Folder).CreatePretrained();
        network.Module.eval();
        golden.AssertOutput("hidden of row 0", network.Forward(new(golden.Ids!, golden.Mask), 0, network.Groups.Count).Values[0]);
    }

    [Theory]
    [InlineData("bert", "hidden_act", "\"mish\"", "'mish'")]
    [InlineData("bert", "position_embedding_type", "\"relative_key\"", "'relative_key'")]
    [InlineData("bert", "is_decoder", "true", "a decoder")]
    [InlineData("bert", "num_attention_heads", "5", "do not go together")]
    [InlineData("bert", "num_hidden_layers", "3", "encoder.layer.2.")]
    [InlineData("bert", "num_hidden_layers", "0", "num_hidden_layers")]
    [InlineData("bert", "vocab_size", "99", "100 tokens")]
    [InlineData("modernbert", "norm_bias", "true", "biases")]
    [InlineData("modernbert", "num_attention_heads", "5", "do not go together")]
    [InlineData("deberta-v2", "model_type", "\"deberta-v2\"", "'deberta-v2'")]
    public void What_is_not_built_or_does_not_go_together_is_refused_in_one_line(string name, string key, string value, string named)
    {
        using GoldenNetwork golden = new GoldenNetwork(name).Write().WithTokenizer();
        var config = System.Text.Json.Nodes.JsonNode.Parse(golden.Config.GetRawText())!.AsObject();
        config[key] = System.Text.Json.Nodes.JsonNode.Parse(value);
        golden.With("config.json", config.ToJsonString());
        string message = Assert.Throws<WeightsException>(() => PublishedFiles.Open(golden.Folder).CreatePretrained().Dispose()).Message;
        Assert.Contains(named, message, StringComparison.Ordinal);
        Assert.Single(message.Split('\n'), line => !line.StartsWith("  ", StringComparison.Ordinal));
    }

    [Fact]
    public void Bare_tensors_of_an_encoder_say_that_the_configuration_is_missing()
    {
        using GoldenNetwork golden = new GoldenNetwork("bert").Write();
        File.Delete(Path.Combine(golden.Folder, "config.json"));
        Assert.Contains("config.json", Assert.Throws<WeightsException>(() => PublishedFiles.Open(golden.Folder)).Message, StringComparison.Ordinal);
    }

    private static IEnumerable<(string Name, long[] Shape)> Tensors(ArchitectureDescription architecture) =>
        architecture.Architecture is BertArchitecture bert
            ? bert.Parse(architecture.Text)!.Tensors()
            : ((ModernBertArchitecture)architecture.Architecture).Parse(architecture.Text)!.Tensors();

    /// <summary>A published model of these families may have a pooler, which is left out: a matrix and a bias more.</summary>
    private static void AssertSize(string name, IReadOnlyList<(string Name, long[] Shape)> tensors, long? pooler)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", "published-sizes-hf.json")));
        JsonElement published = document.RootElement.GetProperty(name);
        long parameters = tensors.Sum(tensor => tensor.Shape.Aggregate(1L, (product, size) => product * size))
            + (pooler is { } width ? (width * width) + width : 0);
        Assert.Equal((published.GetProperty("parameters").GetInt64(), published.GetProperty("tensors").GetInt32()),
            (parameters, tensors.Count + (pooler is null ? 0 : 2)));
    }
}
