using System.Globalization;
using System.Text.RegularExpressions;

namespace TransferLab.Hub;

/// <summary>Which files of a model are needed: one form of its weights, and what is read beside them.</summary>
/// <param name="Weights">The file or the shards with their index.</param>
/// <param name="Beside">Configuration, tokenizer and licence.</param>
/// <param name="Open">The file to open, where it stands alone; null where the folder is opened.</param>
internal sealed partial record FileChoice(IReadOnlyList<string> Weights, IReadOnlyList<string> Beside, string? Open)
{
    private static readonly string[] s_beside =
    [
        "config.json", "generation_config.json", "preprocessor_config.json", "processor_config.json",
        "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.txt", "vocab.json", "merges.txt",
        "tokenizer.model", "sentencepiece.bpe.model", "spiece.model", "chat_template.jinja", "chat_template.json",
        "modules.json", "config_sentence_transformers.json", "sentence_bert_config.json", "1_Pooling/config.json",
        "README.md", "LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE", "NOTICE",
    ];

    private static readonly (string Single, string Index)[] s_usual =
    [
        ("model.safetensors", "model.safetensors.index.json"),
        ("pytorch_model.bin", "pytorch_model.bin.index.json"),
    ];

    /// <summary>All that is needed, small files first, so that weights are there only where the rest is.</summary>
    public IEnumerable<string> All => Beside.Concat(Weights.OrderByDescending(name => name.EndsWith(".json", StringComparison.Ordinal))).Distinct();

    /// <summary>Chooses.</summary>
    /// <param name="model">What was asked for.</param>
    /// <param name="names">The model's files.</param>
    /// <exception cref="HubException">There are no weights that are read, or several and none is named.</exception>
    public static FileChoice Of(HubReference model, IReadOnlyCollection<string> names)
    {
        HashSet<string> all = [.. names];
        if (model.File is { } file)
        {
            return all.Contains(file)
                ? Named(file, all)
                : throw new HubException($"{model with { File = null }} has no file '{file}'; of weights it has {Some(names.Where(IsWeights))}.");
        }

        foreach ((string single, string index) in s_usual)
        {
            if (all.Contains(single))
            {
                return new([single], Companions(all, ""), null);
            }

            if (all.Contains(index))
            {
                return new([index, .. Shards(index, all, model)], Companions(all, ""), null);
            }
        }

        string[] others = [.. names.Where(IsWeights).Order(StringComparer.Ordinal)];
        string[] best = new[] { ".safetensors", ".gguf", "" }
            .Select(ending => others.Where(name => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase) && !name.Contains('/', StringComparison.Ordinal))
                .ToArray())
            .FirstOrDefault(found => found.Length > 0) ?? [];
        return best switch
        {
            [var one] => Named(one, all) with { Open = one.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) ? one : null },
            [] when others.Length == 0 =>
                throw new HubException($"{model} holds no weights that are read: no .safetensors, .bin, .pth or .gguf among its {names.Count} files."),
            _ => throw new HubException($"{model} holds several files of weights; name one, as {model}/{others[0]}: {Some(best.Length > 0 ? best : others)}."),
        };
    }

    private static FileChoice Named(string file, HashSet<string> all)
    {
        string folder = file.Contains('/', StringComparison.Ordinal) ? file[..(file.LastIndexOf('/') + 1)] : "";
        string[] parts = file.EndsWith(".index.json", StringComparison.Ordinal) ? [file, .. Shards(file, all, null)]
            // Weights of large graphs lie beside.
            : file.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase)
                ? [file, .. new[] { file + "_data", file + ".data", folder + "model.onnx_data" }.Where(all.Contains)]
            : [file];
        return new([.. parts.Distinct()], [.. Companions(all, folder).Concat(Companions(all, "")).Distinct()], file);
    }

    private static string[] Companions(HashSet<string> all, string folder) => [.. s_beside.Select(name => folder + name).Where(all.Contains)];

    // Named as index.json names them by custom: STEM-00001-of-00003.EXTENSION; all of them, or the model is not whole.
    private static string[] Shards(string index, HashSet<string> all, HubReference? model)
    {
        string plain = index[..^".index.json".Length];
        int dot = plain.LastIndexOf('.');
        string[] shards = [.. all.Where(name => name.StartsWith(plain[..dot] + "-", StringComparison.Ordinal)
            && name.EndsWith(plain[dot..], StringComparison.Ordinal) && Shard().IsMatch(name)).Order(StringComparer.Ordinal)];
        int of = shards.Length == 0 ? 0 : int.Parse(Shard().Match(shards[0]).Groups[1].Value, CultureInfo.InvariantCulture);
        return shards.Length == of && of > 0
            ? shards
            : throw new HubException(
                $"{model?.ToString() ?? index} is not whole: {index} is there, and {shards.Length} of its "
                    + $"{(of == 0 ? "" : of.ToString(CultureInfo.InvariantCulture) + " ")}shards.");
    }

    private static bool IsWeights(string name) => Path.GetExtension(name).ToLowerInvariant() is ".safetensors" or ".gguf" or ".bin" or ".pth" or ".pt" or ".th"
        or ".onnx"
        && !name.EndsWith("training_args.bin", StringComparison.Ordinal) && !name.EndsWith("optimizer.pt", StringComparison.Ordinal)
            && !name.EndsWith("scheduler.pt", StringComparison.Ordinal);

    private static string Some(IEnumerable<string> names)
    {
        string[] all = [.. names.Order(StringComparer.Ordinal)];
        return all.Length == 0 ? "none" : string.Join(", ", all.Take(8)) + (all.Length > 8 ? $" and {all.Length - 8} more" : "");
    }

    [GeneratedRegex(@"-\d{5}-of-(\d{5})\.")]
    private static partial Regex Shard();
}
