using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Training;

namespace TransferLab.Models;

/// <summary>A model that labels examples, and can be kept in one file.</summary>
public abstract class TrainedModel : IDisposable
{
    /// <summary>Class names in label order.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>All parameters.</summary>
    public abstract long Parameters { get; }

    /// <summary>Extension of its file.</summary>
    public virtual string FileExtension => ".safetensors";

    /// <summary>What it labels: <c>image</c> or <c>text</c>.</summary>
    public virtual string Kind => "image";

    /// <summary>Whether <see cref="Save"/> can write it: not where the library could not build the network again.</summary>
    public virtual bool CanSave => true;

    /// <summary>Labels examples; they are read in batches, so any number will do.</summary>
    /// <param name="examples">The label of an example is not looked at.</param>
    /// <param name="progress">Share done.</param>
    /// <param name="cancellation">Stops within a batch.</param>
    public abstract Predictions Predict(IReadOnlyList<Example> examples, IProgress<double>? progress = null, CancellationToken cancellation = default);

    /// <summary>The same with features of frozen layers that others have computed, and for others: what a comparison uses.</summary>
    internal virtual Predictions PredictCached(FeatureCache cache, IReadOnlyList<Example> examples, IProgress<double>? progress,
        CancellationToken cancellation) =>
        Predict(examples, progress, cancellation);

    /// <summary>Writes the model, whole or not at all; <see cref="ModelFile.Load"/> reads it.</summary>
    public abstract void Save(string path);

    /// <summary>Whether <see cref="ExportOnnx"/> can write it.</summary>
    public virtual bool CanExport => false;

    /// <summary>How inputs reach a network; null where there is none.</summary>
    internal virtual InputEncoder? Encoder => null;

    /// <summary>Writes the model as an ONNX file, whole or not at all, which runs without libtorch: <c>OnnxModel</c> of TransferLab.Prediction reads
    /// it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="precision">How its weights are stored.</param>
    /// <exception cref="NotSupportedException">The model is not a network that the library can write so.</exception>
    /// <exception cref="InvalidOperationException">ONNX Runtime found something else than the network; nothing is written.</exception>
    public virtual void ExportOnnx(string path, OnnxPrecision precision = OnnxPrecision.Float32) =>
        throw new NotSupportedException("Only networks are written as ONNX; this model has a file of its own kind.");

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the model owns.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
