using System.Text.Json;
using TorchSharp;
using TransferLab.Networks;
using TransferLab.Networks.Architectures;
using TransferLab.Networks.Weights;
using TransferLab.Runtime;
using static TorchSharp.torch;

namespace TransferLab.Models;

/// <summary>
/// Writes language models in the forms that other programs read. Merging starts from the weights as the file holds them, in float32. Nothing is moved: adapters
/// stay beside the weights of the model that is written.
/// </summary>
internal sealed class LanguageModelExport(LanguageModel model)
{
    private static readonly string[] s_kept = ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "chat_template.jinja",
        "generation_config.json", "tokenizer.model", "vocab.json", "merges.txt"];
    private static readonly (string Name, uint Id)[] s_fileTypes = [("F32", 0), ("F16", 1), ("Q4_0", 2), ("Q4_1", 3), ("Q8_0", 7), ("Q5_0", 8), ("Q5_1", 9),
        ("BF16", 32)];
    private readonly LanguageModelFiles _files = model.Files;

    /// <summary>Types in which GGUF files are written.</summary>
    public static IReadOnlyList<string> Types { get; } = [.. s_fileTypes.Select(type => type.Name)];

    private ArchitectureDescription Architecture => _files.Model.Architecture;

    /// <summary>Writes adapters and weights, merged, as a folder in the hub's layout.</summary>
    /// <param name="folder">Made if need be.</param>
    /// <param name="type">Of the weights: float32, bfloat16 or float16.</param>
    public void Folder(string folder, ScalarType type)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> state = model.Network.MergedState();
        SafetensorsWriter.Write(
            Path.Combine(folder, "model.safetensors"), [.. state.Select(pair => (pair.Key, pair.Value.detach().to(type)))], new Dictionary<string,
                string>
            { ["format"] = "pt" });
        string name = type switch { ScalarType.BFloat16 => "bfloat16", ScalarType.Float16 => "float16", _ => "float32" };
        Write(folder, "config.json", Architecture.Architecture.ToConfig(Architecture.Text, Special(), name));
        if (_files.Gguf is null)
        {
            foreach (string file in s_kept.Where(file => File.Exists(Path.Combine(_files.Path, file))))
            {
                Write(folder, file, File.ReadAllBytes(Path.Combine(_files.Path, file)));
            }
        }
        else
        {
            Write(folder, "tokenizer.json", _files.Tokenizer.Json.ToArray());
            Write(folder, "tokenizer_config.json", Json(TokenizerConfig(_files.Gguf)));
            Write(folder, "generation_config.json", Json(Special().ToDictionary(pair => pair.Key, pair => (object?)pair.Value)));
        }
    }

    /// <summary>Writes adapters and weights, merged, as a GGUF file with tokenizer and template.</summary>
    /// <param name="path">The file.</param>
    /// <param name="type">Of the matrices: one of <see cref="Types"/>; those whose rows do not divide into its blocks are F16.</param>
    public void Gguf(string path, string type)
    {
        uint id = s_fileTypes.FirstOrDefault(known => known.Name == type) is { Name: not null } found ? found.Id
            : throw new ArgumentException($"GGUF is written as {string.Join(", ", Types).ToLowerInvariant()}, not {type.ToLowerInvariant()}.");
        using DisposeScope scope = NewDisposeScope();
        (IReadOnlyList<KeyValuePair<string, object>> metadata, IReadOnlyList<GgufTensor> tensors) =
            Architecture.Architecture.ToGguf(Architecture.Text, model.Network.MergedState(), type);
        string family = metadata[0].Key[..metadata[0].Key.IndexOf('.', StringComparison.Ordinal)];
        KeyValuePair<string, object>[] general =
        [
            new("general.architecture", family), new("general.type", "model"), new("general.name", _files.Card.Name),
                new("general.license", _files.Card.Licence), new("general.file_type", id),
        ];
        IEnumerable<KeyValuePair<string, object>> tokenizer = _files.Gguf is { } source
            ? source.Values.Where(pair => pair.Key.StartsWith("tokenizer.", StringComparison.Ordinal))
            : [.. GgufVocabulary.Of(_files.Tokenizer, _files.Model.Vocabulary), .. TokenizerFiles.ChatTemplate(_files.Path) is { } jinja
                ? [new KeyValuePair<string, object>("tokenizer.chat_template", jinja)]
                : Array.Empty<KeyValuePair<string, object>>()];
        GgufWriter.Write(path, [.. general, .. metadata, .. tokenizer], [.. tensors.Select(tensor => Fitting(tensor, type))]);
    }

    /// <summary>Writes the adapters alone, for the very GGUF file that was tuned; llama.cpp and what builds on it load both.</summary>
    public void GgufAdapter(string path)
    {
        if (_files.Gguf is null)
        {
            throw new ArgumentException($"{_files.Card.Name} was not a GGUF file when it was tuned: write the adapter's folder, or the whole model as GGUF.");
        }

        AdapterSet adapters = model.Network.Adapters ?? throw NoAdapter();
        using DisposeScope scope = NewDisposeScope();
        List<GgufLoraPair> pairs = [];
        foreach ((string layer, LowRankLayer update) in adapters.Updates)
        {
            (string name, long? heads) = Architecture.Architecture.GgufMatrix(Architecture.Text, layer)
                ?? throw new NotSupportedException($"The layer '{layer}' has no name in GGUF.");
            Tensor up = update.Up.detach();
            pairs.Add(new(name, update.Down.detach(), heads is { } paired ? RotaryRows.ToPairs(up, paired) : up));
        }

        using GgufFile baseFile = GgufFile.Open(_files.Path);
        Networks.Weights.GgufAdapter.Write(
            path, baseFile, (float)adapters.Alpha, pairs, [new("general.name", _files.Card.Name + " adapter"), new("general.license", _files.Card.Licence)]);
    }

    /// <summary>Writes the adapters alone, in PEFT's layout.</summary>
    public void Adapter(string folder) => AdapterFiles.Write(folder, model.Network.Adapters ?? throw NoAdapter(), _files.Card.Name);

    private InvalidOperationException NoAdapter() =>
        new($"{_files.Card.Name} has no adapter: it was tuned in its own weights, or not at all; write the whole model.");

    private static GgufTensor Fitting(GgufTensor tensor, string type) =>
        tensor.Type == type && GgufType.Find(type) is { } found && tensor.Shape[^1] % found.Block != 0 ? tensor with { Type = "F16" } : tensor;

    private Dictionary<string, long> Special()
    {
        SpecialTokens special = _files.Tokenizer.Specials;
        return new (string Key,
            long? Id)[] { ("bos_token_id", special.Bos), ("eos_token_id", _files.Ends.Count > 0 ? _files.Ends[0] : special.Eos), ("pad_token_id", special.Pad) }
            .Where(pair => pair.Id is not null).ToDictionary(pair => pair.Key, pair => pair.Id!.Value);
    }

    private Dictionary<string, object?> TokenizerConfig(GgufMetadata metadata)
    {
        SpecialTokens special = _files.Tokenizer.Specials;
        string? Token(long? id) => id is { } given ? _files.Tokenizer.TokenOf(given) : null;
        return new Dictionary<string, object?>
        {
            ["tokenizer_class"] = "PreTrainedTokenizerFast",
            ["bos_token"] = Token(special.Bos),
            ["eos_token"] = Token(special.Eos),
            ["pad_token"] = Token(special.Pad),
            ["unk_token"] = Token(special.Unk),
            ["model_max_length"] = _files.Model.MaxTokens,
            ["clean_up_tokenization_spaces"] = false,
            ["chat_template"] = metadata.Text("tokenizer.chat_template"),
        }.Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => pair.Value);
    }

    private static byte[] Json(Dictionary<string, object?> values) => JsonSerializer.SerializeToUtf8Bytes(
        values, new JsonSerializerOptions { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private static void Write(string folder, string file, byte[] content) => WholeFile.Write(Path.Combine(folder, file), stream => stream.Write(content));
}
