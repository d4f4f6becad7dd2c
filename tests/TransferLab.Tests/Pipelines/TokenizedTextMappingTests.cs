using System.Text.Json;
using TransferLab.Data;
using TransferLab.Inference;
using TransferLab.Networks;
using TransferLab.Pipelines;

namespace TransferLab.Tests.Pipelines;

/// <summary>What a damaged tokenizer in a saved pipeline gets.</summary>
public sealed class TokenizedTextMappingTests
{
    [Theory]
    [InlineData("", "is damaged")]
    [InlineData("16\n[PAD]\n[UNK]", "is damaged")] // What the step of word pieces holds.
    [InlineData("null", "missing or out of range")]
    [InlineData("{}", "missing or out of range")]
    public void What_is_no_description_of_a_tokenizer_is_refused_in_one_line(string description, string said) => Refused(description, said);

    [Theory]
    [InlineData("16", "{ \"version\": \"1.0\", \"model\": { \"type\": \"BPE\", \"vocab\": {", "the saved pipeline")]
    [InlineData("16", "{ \"version\": \"1.0\", \"model\": { \"type\": \"Spells\", \"vocab\": {} } }", "the saved pipeline")]
    [InlineData("2", "{}", "out of range")]
    [InlineData("1000000000", "{}", "out of range")]
    public void A_tokenizer_cut_short_or_of_another_kind_is_refused_in_one_line(string tokens, string tokenizer, string said) =>
        Refused(JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["text.tokens"] = tokens,
            [TokenizerSplitter.TokenizerKey] = tokenizer,
        }), said);

    private static void Refused(string description, string said)
    {
        Action<TextWithVocabulary, TextTokens> step = new TokenizedTextMapping().GetMapping();
        DataException refused = Assert.Throws<DataException>(
            () => step(new() { Text = "where is my parcel".AsMemory(), Vocabulary = description.AsMemory() }, new()));
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }
}
