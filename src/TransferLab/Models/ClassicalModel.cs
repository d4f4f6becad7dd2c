using TransferLab.Backbones.Safetensors;
using TransferLab.Data;

namespace TransferLab.Models;

/// <summary>placeholder</summary>
public sealed class ClassicalModel : TrainedModel
{
    /// <inheritdoc/>
    public override long Parameters => 0;

    /// <inheritdoc/>
    public override Predictions Predict(IReadOnlyList<Example> examples, IProgress<double>? progress = null, CancellationToken cancellation = default) => new([]);

    /// <inheritdoc/>
    public override void Save(string path)
    {
    }

    internal static ClassicalModel Load(SafetensorsFile file, IReadOnlyList<string> classes) => new() { Classes = classes };
}
