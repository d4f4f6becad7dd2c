using System.Text.Json;
using TorchSharp;
using TransferLab.Networks;
using TransferLab.Networks.Architectures;
using TransferLab.Networks.Weights;
using TransferLab.Runtime;
using static TorchSharp.torch;

namespace TransferLab.Models;

/// <summary>
/// Low-rank adapters in the layout of PEFT: a folder with <c>adapter_config.json</c> and <c>adapter_model.safetensors</c>, a few megabytes that other programs
/// read too.
/// </summary>
internal static class AdapterFiles
{
    private const string Config = "adapter_config.json", Weights = "adapter_model.safetensors", Prefix = "base_model.model.", Down = ".lora_A.weight",
        Up = ".lora_B.weight";
    private const int MostRank = 4096;

    /// <summary>Writes the adapters of a network.</summary>
    /// <param name="folder">Made if need be.</param>
    /// <param name="adapters">The adapters.</param>
    /// <param name="model">Name of the model that they stand beside.</param>
    public static void Write(string folder, AdapterSet adapters, string model)
    {
        using DisposeScope scope = NewDisposeScope();
        List<(string, Tensor)> tensors = [];
        foreach ((string layer, LowRankLayer update) in adapters.Updates.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (update.Down.shape[0] != adapters.Rank)
            {
                throw new NotSupportedException(
                    $"The layer '{layer}' is narrower than rank {adapters.Rank}, which this layout cannot say; tune with a lower rank.");
            }

            tensors.Add((Prefix + layer + Down, update.Down.detach()));
            tensors.Add((Prefix + layer + Up, update.Up.detach()));
        }

        SafetensorsWriter.Write(Path.Combine(folder, Weights), tensors, new Dictionary<string, string> { ["format"] = "pt" });
        string[] targets = [.. adapters.Updates.Select(pair => pair.Key[(pair.Key.LastIndexOf('.') + 1)..]).Distinct().Order(StringComparer.Ordinal)];
        WholeFile.Write(Path.Combine(folder, Config), stream => JsonSerializer.Serialize(
            stream,
            new Dictionary<string, object?>
            {
                ["peft_type"] = "LORA",
                ["task_type"] = "CAUSAL_LM",
                ["base_model_name_or_path"] = model,
                ["r"] = adapters.Rank,
                ["lora_alpha"] = adapters.Alpha,
                ["lora_dropout"] = 0.0,
                ["bias"] = "none",
                ["fan_in_fan_out"] = false,
                ["inference_mode"] = true,
                ["target_modules"] = targets,
            },
            new JsonSerializerOptions { WriteIndented = true }));
    }

    /// <summary>Fills adapters that stand beside a network from a folder.</summary>
    /// <exception cref="WeightsException">They are missing, damaged, of another rank, or of other layers.</exception>
    public static void Fill(string folder, AdapterSet adapters)
    {
        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(folder, Weights));
        StateDictionary.LoadStrict(Targets(adapters), file);
    }

    /// <summary>Puts the adapters of a folder beside a network.</summary>
    /// <exception cref="WeightsException">They are missing, damaged, of another kind, or of another network.</exception>
    /// <param name="folder">The folder; or a GGUF adapter for a GGUF file of this network.</param>
    /// <param name="network">Its weights stay as they are.</param>
    /// <param name="architecture">Knows the names of its layers in GGUF.</param>
    public static void Load(string folder, TransferNetwork network, ArchitectureDescription architecture)
    {
        if (File.Exists(folder))
        {
            LoadGguf(folder, network, architecture);
            return;
        }

        string configPath = Path.Combine(folder, Config);
        PublishedConfig config = PublishedConfig.Read(configPath) ?? throw new WeightsException($"{folder}: holds no {Config}; it is no folder of an adapter.");
        if (config.Text("peft_type") is not "LORA" || config.Flag("use_dora", false) || config.Flag("use_rslora", false)
            || config.Text("bias") is not (null or "none"))
        {
            throw new WeightsException($"{configPath}: is an adapter of another kind than plain LoRA, which is the one that is read.");
        }

        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(folder, Weights));
        HashSet<string> layers = new(StringComparer.Ordinal);
        foreach (string name in file.Tensors.Keys)
        {
            layers.Add(Layer(name) ?? throw new WeightsException($"{file.Path}: the tensor '{name}' is no part of a LoRA adapter of linear layers."));
        }

        int rank = config.Int("r", most: MostRank);
        AdapterSet adapters = new(network.Backbone, rank, config.Number("lora_alpha"), _ => true, layers.Contains, seed: 0);
        try
        {
            StateDictionary.LoadStrict(Targets(adapters), file);
            network.Adapt(adapters);
        }
        catch
        {
            adapters.Dispose();
            throw;
        }
    }

    private static void LoadGguf(string path, TransferNetwork network, ArchitectureDescription architecture)
    {
        using GgufFile file = GgufFile.Open(path);
        if (file.Metadata.Text("general.type") != "adapter" || file.Metadata.Text("adapter.type") != "lora"
            || file.Metadata.Number("adapter.lora.alpha") is not { } alpha)
        {
            throw new WeightsException($"{path}: is no LoRA adapter; name the model's file where a model is asked for.");
        }

        Dictionary<string, (string Layer, long? Heads)> names = new(StringComparer.Ordinal);
        foreach ((string layer, _) in network.Backbone.Module.named_modules().Where(item => item.module is TorchSharp.Modules.Linear))
        {
            if (architecture.Architecture.GgufMatrix(architecture.Text, layer) is var (name, heads) && file.Tensors.ContainsKey(name + ".lora_a"))
            {
                names.Add(name, (layer, heads));
            }
        }

        string? stranger = file.Tensors.Keys.FirstOrDefault(tensor => !names.ContainsKey(tensor[..Math.Max(0, tensor.LastIndexOf('.'))]));
        if (names.Count == 0 || stranger is not null)
        {
            throw new WeightsException($"{path}: '{stranger ?? "nothing"}' is not of this network; the adapter was made for another.");
        }

        HashSet<string> layers = [.. names.Values.Select(value => value.Layer)];
        int rank = (int)file.Tensors.First(tensor => tensor.Key.EndsWith(".lora_a", StringComparison.Ordinal)).Value.Shape[0];
        AdapterSet adapters = new(network.Backbone, Math.Clamp(rank, 1, MostRank), alpha, _ => true, layers.Contains, seed: 0);
        try
        {
            MappedWeights weights = new(file);
            foreach ((string name, (_, long? heads)) in names.Where(pair => pair.Value.Heads is not null))
            {
                weights.Turn(name + ".lora_b", file.Tensors[name + ".lora_b"].Shape, rows => RotaryRows.ToHalves(rows, heads!.Value));
            }

            StateDictionary.LoadStrict(Targets(adapters), weights.Rename(tensor =>
                Prefix + names[tensor[..tensor.LastIndexOf('.')]].Layer + (tensor.EndsWith("_a", StringComparison.Ordinal) ? Down : Up)));
            network.Adapt(adapters);
        }
        catch
        {
            adapters.Dispose();
            throw;
        }
    }

    private static Dictionary<string, Tensor> Targets(AdapterSet adapters) => adapters.Updates.SelectMany(pair => new (string, Tensor)[]
    {
        (Prefix + pair.Key + Down, pair.Value.Down), (Prefix + pair.Key + Up, pair.Value.Up),
    }).ToDictionary();

    /// <summary>The layer of an adapter's tensor; null where the name is none.</summary>
    private static string? Layer(string name)
    {
        string? end = new[] { Down, Up }.FirstOrDefault(end => name.EndsWith(end, StringComparison.Ordinal));
        return end is not null && name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..^end.Length] : null;
    }
}
