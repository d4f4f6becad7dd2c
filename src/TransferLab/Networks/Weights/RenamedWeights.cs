using static TorchSharp.torch;

namespace TransferLab.Networks.Weights;

/// <summary>The same weights under other names: without <c>module.</c> in front, or as another program calls them.</summary>
internal sealed class RenamedWeights : IWeightFile
{
    private readonly IWeightFile source;
    private readonly Dictionary<string, string> sourceNames = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorEntry> tensors = new(StringComparer.Ordinal);
    private readonly List<string> leftOut;

    /// <param name="source">The weights; disposed with this view.</param>
    /// <param name="rename">The new name of a tensor, or null to leave it out, which is then listed.</param>
    /// <exception cref="WeightsException">Two tensors would get one name.</exception>
    public RenamedWeights(IWeightFile source, Func<string, string?> rename)
    {
        this.source = source;
        leftOut = [.. source.LeftOut];
        foreach (var (name, entry) in source.Tensors)
        {
            if (rename(name) is not { } renamed)
            {
                leftOut.Add($"{name} ({entry})");
                continue;
            }

            if (!sourceNames.TryAdd(renamed, name))
            {
                throw new WeightsException($"{source.Path}: the tensors '{sourceNames[renamed]}' and '{name}' would both be '{renamed}'");
            }

            tensors.Add(renamed, entry with { Name = renamed });
        }
    }

    /// <inheritdoc/>
    public string Path => source.Path;

    /// <inheritdoc/>
    public string Format => source.Format;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorEntry> Tensors => tensors;

    /// <inheritdoc/>
    public IReadOnlyList<string> LeftOut => leftOut;

    /// <summary>Strips a prefix from the names that have it, such as <c>module.</c> of data-parallel training; the others stay.</summary>
    public static IWeightFile WithoutPrefix(IWeightFile source, string prefix) =>
        new RenamedWeights(source, name => name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name);

    /// <inheritdoc/>
    public Tensor Read(string name) => source.Read(Original(name));

    /// <inheritdoc/>
    public float[] ReadFloats(string name) => source.ReadFloats(Original(name));

    /// <inheritdoc/>
    public void Dispose() => source.Dispose();

    private string Original(string name) => sourceNames.TryGetValue(name, out string? original)
        ? original
        : throw new WeightsException($"{Path}: holds no tensor '{name}'");
}
