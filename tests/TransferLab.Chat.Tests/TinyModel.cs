using System.Text.Json;
using TorchSharp;
using TransferLab.Models;
using TransferLab.Networks.Architectures;
using TransferLab.Networks.Weights;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Chat.Tests;

/// <summary>A language model of a few thousand random weights, as a folder in the hub's layout: it answers in no language, and always the same.</summary>
public sealed class TinyModel : IDisposable
{
    private const string SmolLM2 =
        "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system\nYou are a helpful AI assistant named "
            + "SmolLM, trained by Hugging Face<|im_end|>\n' }}{% endif %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + "
            + "'\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";
    private const string Qwen25 = "<|im_start|><|im_end|>You are Qwen, created by Alibaba Cloud. You are a helpful assistant.<tool_call><tool_response>";

    public TinyModel() : this(knowsTools: false)
    {
    }

    internal TinyModel(bool knowsTools, int positions = 512)
    {
        Runtime.LibTorch.Load();
        Folder = Path.Combine(Directory.CreateTempSubdirectory("tiny-").FullName, "tiny");
        Directory.CreateDirectory(Folder);
        LlamaShape shape = new()
        {
            Layers = 2,
            Width = 32,
            Heads = 4,
            KeyValueHeads = 2,
            HeadWidth = 8,
            FeedForward = 48,
            Vocabulary = 1200,
            Positions = positions,
            Tied = true,
        };
        File.WriteAllBytes(Path.Combine(Folder, "config.json"), LlamaConfig.Write(shape, new Dictionary<string, long> { ["eos_token_id"] = 2 }, "float32"));
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Golden", "tokenizer.json"), Path.Combine(Folder, "tokenizer.json"));
        File.WriteAllText(Path.Combine(Folder, "tokenizer_config.json"),
            JsonSerializer.Serialize(new { chat_template = knowsTools ? Qwen25 : SmolLM2, eos_token = "<|im_end|>" }));
        using DisposeScope scope = NewDisposeScope();
        using LlamaNetwork network = new(shape);
        using Generator generator = new(1);
        (string, Tensor)[] weights =
            [.. network.state_dict().Select(item => (item.Key, item.Value.dim() == 1
                ? item.Value.clone()
                : randn(item.Value.shape, generator: generator) * 0.4))];
        SafetensorsWriter.Write(Path.Combine(Folder, "model.safetensors"), weights, new Dictionary<string, string> { ["format"] = "pt" });
    }

    /// <summary>The folder; removed with this object.</summary>
    public string Folder { get; }

    /// <summary>Opens it in float32; the caller disposes it.</summary>
    public LanguageModel Open() => LanguageModel.Open(Folder, ComputeDevice.Choose("cpu", "float32"));

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(Folder)!, recursive: true);
}
