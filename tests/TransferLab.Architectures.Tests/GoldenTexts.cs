using System.Text.Json;
using TransferLab.Data;
using TransferLab.Networks;

namespace TransferLab.Architectures.Tests;

/// <summary>A tokenizer of 100 word pieces, so that the golden encoders of texts are whole folders of the hub.</summary>
internal static class GoldenTexts
{
    private static readonly string[] s_words =
    [
        "parcel", "late", "broken", "screen", "money", "back", "please", "where", "is", "my", "the", "charged", "twice", "cracked", "waiting", "소포", "어디",
            "##에", "##요",
    ];

    /// <summary>Texts of three topics, of different lengths.</summary>
    public static IReadOnlyList<string[]> Topics { get; } =
    [
        ["where is my parcel", "my parcel is late", "waiting the parcel please", "late late late",
            "where is the parcel please waiting waiting waiting waiting waiting late", "소포 어디에 is my parcel"],
        ["the screen is broken", "cracked screen", "my screen is cracked please", "broken", "the the screen is broken broken broken please", "screen cracked"],
        ["money back please", "charged twice", "charged twice my money back", "my money", "please please the money back is charged twice", "twice charged"],
    ];

    /// <summary>The topics as data: four texts of each to train on, and two to predict.</summary>
    public static LabeledData Data()
    {
        Example[] all = [.. Topics.SelectMany((texts, label) => texts.Select((text, i) => new Example($"{label}{i}", text, label)))];
        return new()
        {
            Name = "topics",
            Classes = ["late", "broken", "money"],
            Train = [.. all.Where((_, i) => i % 6 < 4)],
            Test = [.. all.Where((_, i) => i % 6 >= 4)],
        };
    }

    /// <summary>Writes <c>tokenizer.json</c> and <c>tokenizer_config.json</c> beside a network.</summary>
    public static GoldenNetwork WithTokenizer(this GoldenNetwork golden)
    {
        string[] special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"];
        string[] pieces = [.. special, .. s_words, .. Enumerable.Range(0, 100 - special.Length - s_words.Length).Select(i => $"[unused{i}]")];
        Dictionary<string, object?> json = new()
        {
            ["version"] = "1.0",
            ["added_tokens"] =
                special.Select((content, id) => new { id, content, single_word = false, lstrip = false, rstrip = false, normalized = false, special = true }),
            ["normalizer"] = new { type = "BertNormalizer", clean_text = true, handle_chinese_chars = true, strip_accents = false, lowercase = false },
            ["pre_tokenizer"] = new { type = "BertPreTokenizer" },
            ["post_processor"] = new { type = "BertProcessing", sep = new object[] { "[SEP]", 3 }, cls = new object[] { "[CLS]", 2 } },
            ["decoder"] = new { type = "WordPiece", prefix = "##", cleanup = true },
            ["model"] = new
            {
                type = "WordPiece",
                unk_token = "[UNK]",
                continuing_subword_prefix = "##",
                max_input_chars_per_word = 100,
                vocab = pieces.Select((piece, id) => (piece, id)).ToDictionary(pair => pair.piece, pair => pair.id),
            },
        };
        File.WriteAllText(Path.Combine(golden.Folder, "tokenizer.json"), JsonSerializer.Serialize(json));
        File.WriteAllText(Path.Combine(golden.Folder, "tokenizer_config.json"),
            """{"pad_token":"[PAD]","unk_token":"[UNK]","cls_token":"[CLS]","sep_token":"[SEP]","model_max_length":24}""");
        return golden;
    }

    /// <summary>Writes a file beside a network.</summary>
    public static GoldenNetwork With(this GoldenNetwork golden, string file, string text)
    {
        string path = Path.Combine(golden.Folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return golden;
    }

    /// <summary>Whether a text is split as the folder says.</summary>
    public static long[] Split(this Backbone backbone, string text) => ((TextEncoder)backbone.Encoder).Tokens(text, 512);
}
