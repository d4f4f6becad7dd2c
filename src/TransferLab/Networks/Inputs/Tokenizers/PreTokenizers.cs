using System.Text.Json;

namespace TransferLab.Networks;

/// <summary>How families of byte-level vocabularies cut a text before they merge bytes; each is the text of a JSON value.</summary>
internal static class PreTokenizers
{
    private const string Bytes = """{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":false}""";

    // The expressions are those that the families publish; a number's digits are taken by threes (Llama 3) or one by one (Qwen 2).
    private const string Contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private const string Rest = @"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Words = @"|[^\r\n\p{L}\p{N}]?\p{L}+";
    private const string Upper = @"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", Lower = @"[\p{Ll}\p{Lm}\p{Lo}\p{M}]", Lead = @"[^\r\n\p{L}\p{N}]?";

    /// <summary>GPT-2 and RoBERTa.</summary>
    public const string Gpt2 = """{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true}""";

    /// <summary>SmolLM and StarCoder: each digit apart, then as GPT-2.</summary>
    public const string Digits = $$"""{"type":"Sequence","pretokenizers":[{"type":"Digits","individual_digits":true},{{Gpt2}}]}""";

    /// <summary>Llama 3.</summary>
    public static string Llama3 { get; } = Split($@"{Contractions}{Words}|\p{{N}}{{1,3}}{Rest}");

    /// <summary>Qwen 2, 2.5 and 3.</summary>
    public static string Qwen2 { get; } = Split($@"{Contractions}{Words}|\p{{N}}{Rest}");

    /// <summary>Mistral's later vocabularies.</summary>
    public static string Tekken { get; } =
        Split($@"{Lead}{Upper}*{Lower}+|{Lead}{Upper}+{Lower}*|\p{{N}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+");

    private static string Split(string expression) =>
        $$$"""
        {"type":"Sequence","pretokenizers":[
          {"type":"Split","pattern":{"Regex":{{{JsonSerializer.Serialize(expression)}}}},"behavior":"Isolated","invert":false},{{{Bytes}}}]}
        """;
}
