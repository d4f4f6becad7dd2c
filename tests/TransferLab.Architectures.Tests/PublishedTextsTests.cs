using TransferLab.Networks;
using TransferLab.Networks.Weights;

namespace TransferLab.Architectures.Tests;

/// <summary>What the files of sentence encoders say of pooling, length and prefixes is what the backbone does.</summary>
public sealed class PublishedTextsTests
{
    private const string Modules = """
        [{"idx":0,"name":"0","path":"","type":"sentence_transformers.models.Transformer"},
         {"idx":1,"name":"1","path":"1_Pooling","type":"sentence_transformers.models.Pooling"},
         {"idx":2,"name":"2","path":"2_Normalize","type":"sentence_transformers.models.Normalize"}]
        """;

    [Theory]
    [InlineData("""{"word_embedding_dimension":32,"pooling_mode_cls_token":true,"pooling_mode_mean_tokens":false}""", Pooling.First,
        "features keep their length")]
    [InlineData("""{"pooling_mode_mean_tokens":true}""", Pooling.Mean, "features keep their length")]
    [InlineData("""{"pooling_mode_lasttoken":true}""", Pooling.Last, "features keep their length")]
    [InlineData("""{"pooling_mode_max_tokens":true}""", Pooling.Mean, "not its pooling 'max_tokens'")]
    public void Pooling_is_that_of_its_configuration(string pooling, Pooling expected, string assumed)
    {
        using GoldenNetwork golden = new GoldenNetwork("bert").Write().WithTokenizer().With("modules.json", Modules).With("1_Pooling/config.json", pooling);
        PublishedSummary summary = PublishedFiles.Inspect(golden.Folder);
        Assert.Contains(assumed, summary.Assumed, StringComparison.Ordinal);
        using BackboneNetwork network = summary.Backbone!.CreateRandom(seed: 1);
        Assert.Equal(expected, network.Pooling);
    }

    [Fact]
    public void Without_them_the_mean_is_assumed_and_options_have_the_last_word()
    {
        using GoldenNetwork golden = new GoldenNetwork("roberta").Write().WithTokenizer();
        PublishedSummary summary = PublishedFiles.Inspect(golden.Folder),
            other = PublishedFiles.Inspect(golden.Folder, new() { Pooling = Pooling.First, MaxTokens = 9, Prefix = "parcel " });
        Assert.Equal("the mean of a text's tokens", summary.Assumed);
        Assert.Equal(24, ((TextEncoder)summary.Backbone!.Encoder).MaxTokens);
        Assert.Equal("", other.Assumed);
        Assert.Equal(9, ((TextEncoder)other.Backbone!.Encoder).MaxTokens);
        Assert.Equal(other.Backbone.Split("late"), summary.Backbone.Split("parcel late"));
        Assert.Contains("3 to 38", Assert.Throws<WeightsException>(() => PublishedFiles.Open(golden.Folder, new() { MaxTokens = 39 })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_longest_text_and_the_default_prompt_are_those_of_its_configuration()
    {
        using GoldenNetwork golden = new GoldenNetwork("mpnet").Write().WithTokenizer()
            .With("sentence_bert_config.json", """{"max_seq_length":12,"do_lower_case":false}""")
            .With("config_sentence_transformers.json", """{"prompts":{"query":"where ","passage":"parcel "},"default_prompt_name":"query"}""");
        Backbone backbone = PublishedFiles.Open(golden.Folder);
        Assert.Equal(12, ((TextEncoder)backbone.Encoder).MaxTokens);
        Assert.Equal("where ", ((TextEncoder)backbone.Encoder).Prefix);
    }

    [Fact]
    public void Prompts_without_a_default_are_named_and_not_used()
    {
        using GoldenNetwork golden = new GoldenNetwork("bert").Write().WithTokenizer()
            .With("config_sentence_transformers.json", """{"prompts":{"query":"query: ","passage":"passage: "},"default_prompt_name":null}""");
        PublishedSummary summary = PublishedFiles.Inspect(golden.Folder);
        Assert.Contains("query ('query: '), passage ('passage: ')", summary.Assumed, StringComparison.Ordinal);
        Assert.Equal("", ((TextEncoder)summary.Backbone!.Encoder).Prefix);
    }

    [Theory]
    [InlineData("modules.json", "{}")]
    [InlineData("modules.json", """[{"type":"a.Pooling","path":"../../other"}]""")]
    [InlineData("modules.json", """[{"type":5,"path":""}]""")]
    [InlineData("1_Pooling/config.json", "[]")]
    [InlineData("sentence_bert_config.json", """{"max_seq_length":"long"}""")]
    [InlineData("config_sentence_transformers.json", """{"prompts":{},"default_prompt_name":"query"}""")]
    [InlineData("tokenizer.json", "{")]
    public void A_damaged_configuration_is_refused_in_one_line_that_names_the_file(string file, string text)
    {
        using GoldenNetwork golden = new GoldenNetwork("bert").Write().WithTokenizer().With(file, text);
        string message = Assert.Throws<WeightsException>(() => PublishedFiles.Open(golden.Folder)).Message;
        Assert.Contains(Path.GetFileName(file), message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }
}
