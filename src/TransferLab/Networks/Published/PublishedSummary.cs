using TransferLab.Networks.Weights;

namespace TransferLab.Networks;

/// <summary>What a file or a folder of weights says of itself, without reading the weights; see <see cref="PublishedFiles.Inspect"/>.</summary>
public sealed record PublishedSummary
{
    /// <summary>The file or folder.</summary>
    public required string Path { get; init; }

    /// <summary>Its format, for people: <c>safetensors</c>, <c>GGUF 3</c>.</summary>
    public required string Format { get; init; }

    /// <summary>Its tensors under their published names, by name.</summary>
    public required IReadOnlyList<TensorEntry> Tensors { get; init; }

    /// <summary>What it holds beside tensors, each with its kind.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <summary>Its licence; <c>not stated</c> where nothing says it.</summary>
    public required string Licence { get; init; }

    /// <summary>SHA-256 (lower-case hex) of its file of weights; of shards that of what <c>sha256sum</c> prints for them, by name.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>The backbone that it becomes; null where it becomes none.</summary>
    public Backbone? Backbone { get; init; }

    /// <summary>Why it becomes none, in one line; null where it does.</summary>
    public string? Fault { get; init; }

    /// <summary>What was assumed because the files do not say it; empty where nothing was.</summary>
    public string Assumed { get; init; } = "";

    /// <summary>Numbers in all tensors, statistics of normalisation included.</summary>
    public long Values => Tensors.Sum(tensor => tensor.Count);
}
