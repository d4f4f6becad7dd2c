namespace TransferLab.Comparison;

/// <summary>What training changed in one layer group.</summary>
/// <param name="Group">Name of the layer group.</param>
/// <param name="Weights">Distance of its weights from pretraining's, as a share of their length: |w - w0| / |w0|.</param>
/// <param name="Cka">Linear centred kernel alignment of its output before and after, on test examples, averaged over positions: 1 where nothing changed but
/// rotation and scale.</param>
public sealed record LayerChange(string Group, double Weights, double Cka);

/// <summary>What one run changed inside the network, on some test examples.</summary>
/// <param name="Layers">Layer group by layer group.</param>
/// <param name="Before">The pretrained features.</param>
/// <param name="After">The features after training.</param>
public sealed record RunInspection(IReadOnlyList<LayerChange> Layers, Projection Before, Projection After);

/// <summary>Features of some test examples in the plane of their two largest principal components.</summary>
public sealed record Projection
{
    /// <summary>Indices into <see cref="ComparisonResults.Test"/>.</summary>
    public required IReadOnlyList<int> Examples { get; init; }

    /// <summary>Across, one an example.</summary>
    public required IReadOnlyList<float> X { get; init; }

    /// <summary>Up, one an example.</summary>
    public required IReadOnlyList<float> Y { get; init; }

    /// <summary>Share of the variance that lies along the first component.</summary>
    public required double ExplainedX { get; init; }

    /// <summary>Share of the variance that lies along the second component.</summary>
    public required double ExplainedY { get; init; }
}
