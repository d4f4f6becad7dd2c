using System.Buffers.Binary;
using System.Text;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Tests.Networks.Weights;
using TransferLab.Training;

namespace TransferLab.LlamaCpp.Tests;

/// <summary>
/// The story model of 260,000 parameters (llama2.c, MIT), whose greedy text is published. Its file and its vocabulary are rewritten as GGUF here, which has the
/// same pairs of rotary rows.
/// </summary>
public sealed class StoriesTests : IDisposable
{
    private const int Header = 28, Kinds = 4;
    private static readonly string s_folder = Path.Combine(Environment.GetEnvironmentVariable("TRANSFERLAB_DATA") ?? "", "weights", "stories260k");
    private readonly string _gguf = Path.Combine(Path.GetTempPath(), $"stories-{Guid.NewGuid():N}.gguf");

    [SkippableFact]
    public void The_story_model_tells_its_published_story_to_the_letter()
    {
        Skip.IfNot(File.Exists(Path.Combine(s_folder, "stories260K.bin")), "stories260k is not under TRANSFERLAB_DATA");
        File.WriteAllBytes(_gguf, Rewritten());
        string[] page = File.ReadAllText(Path.Combine(s_folder, "stories260K.md")).Split("-t 0.0\n");
        string published = page[1].Split("\n```")[0];

        using LanguageModel model = LanguageModel.Open(_gguf, ComputeDevice.Choose("cpu", "float32"));
        Assert.Equal(260_032, model.Parameters);
        Completion story = model.CompleteText([""], new GenerationOptions { MaxTokens = 256, Temperature = 0 })[0];
        Assert.Equal(published, story.Text.TrimStart(' '));

        long[] ids = [1, .. model.Tokenizer.Encode(published)[1..]];
        using LlamaCpp other = new(_gguf);
        float[][] theirs = other.Logits(ids);
        IReadOnlyList<long> ours = model.Tokenizer.Encode(published);
        Assert.Equal(ours.Skip(2), Enumerable.Range(1, ids.Length - 2).Select(i => (long)theirs[i].AsSpan().IndexOf(theirs[i].Max())));
    }

    public void Dispose() => File.Delete(_gguf);

    /// <summary>Sizes and float32 values one after the other; tokens with their scores.</summary>
    private static byte[] Rewritten()
    {
        byte[] model = File.ReadAllBytes(Path.Combine(s_folder, "stories260K.bin")), words = File.ReadAllBytes(Path.Combine(s_folder, "tok512.bin"));
        uint[] sizes = [.. Enumerable.Range(0, 7).Select(i => BinaryPrimitives.ReadUInt32LittleEndian(model.AsSpan(4 * i)))];
        (uint width, uint hidden, uint layers, uint heads, uint keyHeads, uint vocabulary, uint positions) =
            (sizes[0], sizes[1], sizes[2], sizes[3], sizes[4], sizes[5], sizes[6]);
        ulong keys = width / heads * keyHeads;
        List<(string Name, ulong[] Shape, byte[] Values)> tensors = [];
        int at = Header;
        void Take(string name, params ulong[] shape)
        {
            int bytes = sizeof(float) * (int)shape.Aggregate(1UL, (a, b) => a * b);
            tensors.Add((name, shape, model[at..(at + bytes)]));
            at += bytes;
        }

        void Layers(string name, params ulong[] shape)
        {
            for (uint i = 0; i < layers; i++)
            {
                Take($"blk.{i}.{name}.weight", shape);
            }
        }

        Take("token_embd.weight", vocabulary, width);
        Layers("attn_norm", width);
        Layers("attn_q", width, width);
        Layers("attn_k", keys, width);
        Layers("attn_v", keys, width);
        Layers("attn_output", width, width);
        Layers("ffn_norm", width);
        Layers("ffn_gate", hidden, width);
        Layers("ffn_down", width, hidden);
        Layers("ffn_up", hidden, width);
        Take("output_norm.weight", width);

        GgufFixture file = new(3, (ulong)tensors.Count, 14);
        void Count(string key, uint value) => file.Text(key).UInt32(Kinds).UInt32(value);
        file.Text("general.architecture").UInt32(8).Text("llama");
        Count("llama.context_length", positions);
        Count("llama.embedding_length", width);
        Count("llama.block_count", layers);
        Count("llama.feed_forward_length", hidden);
        Count("llama.attention.head_count", heads);
        Count("llama.attention.head_count_kv", keyHeads);
        Count("llama.rope.dimension_count", width / heads);
        file.Text("llama.attention.layer_norm_rms_epsilon").UInt32(6).UInt32(BitConverter.SingleToUInt32Bits(1e-5f));
        file.Text("tokenizer.ggml.model").UInt32(8).Text("llama");
        List<(string Text, uint Score)> tokens = Tokens(words);
        file.Text("tokenizer.ggml.tokens").UInt32(9).UInt32(8).UInt64((ulong)tokens.Count);
        tokens.ForEach(token => file.Text(token.Text));
        file.Text("tokenizer.ggml.scores").UInt32(9).UInt32(6).UInt64((ulong)tokens.Count);
        tokens.ForEach(token => file.UInt32(token.Score));
        file.Text("tokenizer.ggml.token_type").UInt32(9).UInt32(5).UInt64((ulong)tokens.Count);
        for (int i = 0; i < tokens.Count; i++)
        {
            bool isByte = tokens[i].Text is ['<', '0', 'x', _, _, '>'];
            file.UInt32(i == 0 ? 2u : i < 3 ? 3u : isByte ? 6u : 1u);
        }

        Count("tokenizer.ggml.bos_token_id", 1);
        ulong offset = 0;
        foreach ((string name, ulong[] shape, byte[] values) in tensors)
        {
            file.Tensor(name, shape, 0, offset);
            offset += (ulong)(values.Length + 31) / 32 * 32;
        }

        file.Pad(0);
        tensors.ForEach(tensor => file.Raw(tensor.Values).Pad(0));
        return file.Bytes;
    }

    /// <summary>Spaces stand for the mark that begins a word.</summary>
    private static List<(string Text, uint Score)> Tokens(byte[] words)
    {
        List<(string, uint)> tokens = [];
        for (int at = sizeof(int); at < words.Length;)
        {
            uint score = BinaryPrimitives.ReadUInt32LittleEndian(words.AsSpan(at));
            int length = BinaryPrimitives.ReadInt32LittleEndian(words.AsSpan(at + 4));
            string text = Encoding.UTF8.GetString(words, at + 8, length);
            tokens.Add((tokens.Count is 1 or 2 ? text.Trim() : text.Replace(' ', '\u2581'), score));
            at += 8 + length;
        }

        return tokens;
    }
}
