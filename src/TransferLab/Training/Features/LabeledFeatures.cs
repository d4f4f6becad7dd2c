namespace TransferLab.Training;

/// <summary>Feature vectors with their labels.</summary>
/// <param name="Rows">[N][width] float32; shared with the cache, not to be changed.</param>
/// <param name="Labels">[N] class indices.</param>
public sealed record LabeledFeatures(IReadOnlyList<float[]> Rows, IReadOnlyList<int> Labels)
{
    /// <summary>The rows of the given indices.</summary>
    public LabeledFeatures Select(IEnumerable<int> indices)
    {
        int[] chosen = [.. indices];
        return new([.. chosen.Select(i => Rows[i])], [.. chosen.Select(i => Labels[i])]);
    }
}
