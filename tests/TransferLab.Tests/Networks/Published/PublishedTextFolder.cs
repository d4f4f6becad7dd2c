using TorchSharp;
using TransferLab.Networks;
using TransferLab.Networks.Weights;
using TransferLab.Tests.Reporting;
using TransferLab.Tests.Training;
using static TorchSharp.torch;

namespace TransferLab.Tests.Networks.Published;

/// <summary>A very small BERT classifier in a folder as the hub has it: in one file, or in two shards with their index.</summary>
internal sealed class PublishedTextFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PublishedTextFolder(bool sharded = false)
    {
        const string Words = "[PAD] [UNK] [CLS] [SEP] parcel late broken screen money back please where is my the charged twice cracked waiting";
        Write("vocab.txt", Words.Replace(' ', '\n'));
        Write("tokenizer_config.json", """{"tokenizer_class": "BertTokenizer", "do_lower_case": true}""");
        Write("config.json", """
            {"model_type": "bert", "num_hidden_layers": 2, "hidden_size": 16, "num_attention_heads": 2, "intermediate_size": 64,
             "vocab_size": 19, "max_position_embeddings": 32}
            """);
        using BackboneNetwork network = SmallText.Create().CreatePretrained();
        using DisposeScope scope = NewDisposeScope();
        (string Name, Tensor Value)[] body = [.. network.Module.state_dict().Select(pair => ("bert." + pair.Key, pair.Value))];
        Values = body.Sum(tensor => tensor.Value.numel());
        (string Name, Tensor Value)[] head = [("classifier.weight", ones(3, 16)), ("classifier.bias", ones(3))];
        if (!sharded)
        {
            SafetensorsWriter.Write(At("model.safetensors"), [.. body, .. head]);
            return;
        }

        List<string> places = [];
        void Shard(string file, (string Name, Tensor Value)[] tensors)
        {
            SafetensorsWriter.Write(At(file), tensors);
            places.AddRange(tensors.Select(tensor => $"\"{tensor.Name}\": \"{file}\""));
        }

        Shard("model-00001-of-00002.safetensors", body);
        Shard("model-00002-of-00002.safetensors", head);
        Write("model.safetensors.index.json", $"{{\"weight_map\": {{{string.Join(", ", places)}}}}}");
    }

    public string Path => _folder.Path;

    /// <summary>Numbers of the network, without the classifier.</summary>
    public long Values { get; }

    public string At(string name) => System.IO.Path.Combine(_folder.Path, name);

    public void Write(string name, string text) => File.WriteAllText(At(name), text);

    public void Dispose() => _folder.Dispose();
}
