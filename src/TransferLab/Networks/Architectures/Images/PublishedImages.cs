using TransferLab.Networks.Weights;

namespace TransferLab.Networks.Architectures;

/// <summary>What the families of images have in common when they look at a published model.</summary>
internal static class PublishedImages
{
    private const string DataParallel = "module.", WrappedModel = "model.";

    /// <summary>The backbone of a network that was found.</summary>
    /// <exception cref="WeightsException">The preparation of images that the files or the user give makes no sense.</exception>
    public static PublishedBackbone Of(PublishedModel model, ArchitectureDescription architecture, IWeightFile weights, ImageSettings usual, string title,
        int? size = null)
    {
        (ImageEncoder encoder, string assumed) = ImagePreprocessing.Of(model, usual, size);
        Architecture family = architecture.Architecture;
        return new()
        {
            Architecture = architecture,
            // A hostile file's description may be longer than any that is read.
            Encoder = family.Describes(architecture.Text) ? encoder with { Memory = family.MemoryOf(architecture.Text) } : encoder,
            Weights = weights,
            Assumed = assumed,
            Title = title,
        };
    }

    /// <summary>
    /// The tensors of a model without what wrappers put in front of all names: <c>module.</c> of data-parallel training, <c>model.</c>, or the base model's
    /// name in transformers' files (<c>resnet.</c>), which the head's names lack.
    /// </summary>
    /// <param name="model">The files.</param>
    /// <param name="bases">Names of the family's base model in front of its tensors.</param>
    public static MappedWeights Weights(PublishedModel model, params string[] bases)
    {
        MappedWeights weights = new(model.Weights);
        foreach (string prefix in new[] { DataParallel, WrappedModel }.Where(prefix => weights.Tensors.Count > 0
            && weights.Tensors.Keys.All(name => name.StartsWith(prefix, StringComparison.Ordinal))))
        {
            weights.Rename(name => name[prefix.Length..]);
        }

        return weights.Rename(name => bases.FirstOrDefault(prefix => name.StartsWith(prefix, StringComparison.Ordinal)) is { } found
            ? name[found.Length..]
            : name);
    }

    /// <summary>Whether a model's names hold this one, whatever wrappers put in front.</summary>
    public static bool Holds(PublishedModel model, string name) => model.Weights.Tensors.ContainsKey(name)
        || model.Weights.Tensors.ContainsKey(DataParallel + name)
        || model.Weights.Tensors.ContainsKey(WrappedModel + name);

    /// <summary>A size of a tensor.</summary>
    /// <exception cref="WeightsException">The tensor is missing, has other axes, or is larger than any network's.</exception>
    public static int Size(this MappedWeights weights, string name, int axis, int axes)
    {
        const int Most = 1 << 20;
        if (!weights.Tensors.TryGetValue(name, out TensorEntry? entry))
        {
            throw new WeightsException(
                $"{weights.Path}: '{(weights.Origins.TryGetValue(name, out IReadOnlyList<string>? origins) && origins.Count > 0 ? origins[0] : name)}' is "
                    + $"missing.");
        }

        return entry.Shape.Count == axes && entry.Shape[axis] is >= 1 and <= Most
            ? (int)entry.Shape[axis]
            : throw new WeightsException($"{weights.Path}: '{name}' is [{string.Join(", ", entry.Shape)}], and should have {axes} axes of 1 to {Most}.");
    }

    /// <summary>How many names there are in a row: of 0, 1, 2 and so on.</summary>
    public static int Count(this MappedWeights weights, Func<int, string> name)
    {
        int count = 0;
        while (weights.Tensors.ContainsKey(name(count)))
        {
            count++;
        }

        return count;
    }
}
