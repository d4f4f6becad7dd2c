using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Networks.Architectures;
using TransferLab.Runtime;

namespace TransferLab.Tests.Training;

/// <summary>A BERT small enough for many runs, its vocabulary, and a task of three topics with texts of different lengths.</summary>
internal static class SmallText
{
    private static readonly string[] s_words = ["parcel", "late", "broken", "screen", "money", "back", "please", "where", "is", "my", "the", "charged", "twice",
        "cracked", "waiting"];

    private static readonly string[][] s_topics =
    [
        ["where is my parcel", "my parcel is late", "waiting the parcel please", "late late late", "where is the parcel please waiting waiting waiting",
            "is my parcel late"],
        ["the screen is broken", "cracked screen", "my screen is cracked please", "broken", "the the screen is broken broken broken please", "screen cracked"],
        ["money back please", "charged twice", "charged twice my money back", "my money", "please please the money back is charged twice", "twice charged"],
    ];

    public static Backbone Create(Pooling pooling = Pooling.Mean)
    {
        LibTorch.Load();
        BertShape shape = new() { Layers = 2, Width = 16, Heads = 2, Vocabulary = 4 + s_words.Length, Positions = 32 };
        return new()
        {
            Card = new() { Name = "small-text" },
            Architecture = BertArchitecture.Of(shape, pooling),
            Build = () => BertArchitecture.Build(shape, pooling),
            LoadWeights = _ => { },
            Encoder = new TextEncoder(string.Join('\n', ["[PAD]", "[UNK]", "[CLS]", "[SEP]", .. s_words]), maxTokens: 16),
            Recipe = Recipe.Transformer,
        };
    }

    public static LabeledData Task()
    {
        Example[] all = [.. s_topics.SelectMany((texts, label) => texts.Select((text, i) => new Example($"{label}{i}", text, label)))];
        return new()
        {
            Name = "topics",
            Classes = ["late", "broken", "money"],
            Train = [.. all.Where((_, i) => i % 6 < 4)],
            Test = [.. all.Where((_, i) => i % 6 >= 4)],
        };
    }
}
