using TransferLab.Networks;
using TransferLab.Networks.Architectures;
using TransferLab.Networks.Weights;
using TransferLab.Strategies;
using TransferLab.Training;

namespace TransferLab.Models;

/// <summary>
/// The low-rank adapter of a classifier that was trained with <see cref="AdapterMerge.Keep"/>: a few megabytes beside the backbone's weights, which are as
/// they were. It is saved alone, loaded onto the same backbone, merged into the weights and taken out again, switched off and on. Change nothing while another
/// thread predicts with the model.
/// </summary>
public sealed class ClassifierAdapter
{
    private readonly NetworkModel _model;

    internal ClassifierAdapter(NetworkModel model) => _model = model;

    /// <summary>Rank of the updates.</summary>
    public int Rank => Adapters.Rank;

    /// <summary>Their strength: they are multiplied by alpha / rank.</summary>
    public double Alpha => Adapters.Alpha;

    /// <summary>Values of all updates, the head's not counted.</summary>
    public long Parameters => Adapters.State().Sum(item => item.Value.numel());

    /// <summary>Whether the model computes with the adapter; without it the head sees the features of the bare backbone.</summary>
    /// <exception cref="InvalidOperationException">It is merged, and cannot be switched off.</exception>
    public bool IsOn
    {
        get => _model.Network.UsesAdapters;
        set => _model.Network.UsesAdapters = value || !IsMerged
            ? value
            : throw new InvalidOperationException("The adapter is merged into the weights; unmerge it, and switch it off then.");
    }

    /// <summary>Whether it is merged into the weights for now.</summary>
    public bool IsMerged => Adapters.IsMerged;

    private AdapterSet Adapters => _model.Network.Adapters ?? throw new ObjectDisposedException(nameof(ClassifierAdapter));

    /// <summary>
    /// Adds the updates to the weights: the model is as fast as one without, and can be written as ONNX. The weights as they were are kept for
    /// <see cref="Unmerge"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">It is switched off, or other models compute with the same backbone.</exception>
    public void Merge()
    {
        if (!IsOn || !_model.Network.OwnsBackbone)
        {
            throw new InvalidOperationException(IsOn
                ? "Other models compute with the weights into which the adapter would be merged; load it onto a backbone of its own, without their cache."
                : "The adapter is switched off; switch it on, and merge it then.");
        }

        Adapters.MergeForNow();
        _model.WeightsChanged();
    }

    /// <summary>Puts the weights back as they were, bit for bit.</summary>
    public void Unmerge()
    {
        Adapters.Unmerge();
        _model.WeightsChanged();
    }

    /// <summary>
    /// Writes the adapter alone: <c>adapter_model.safetensors</c> and <c>adapter_config.json</c> in PEFT's layout, and <c>head.safetensors</c> with head,
    /// labels, preprocessing and the hash of the weights that it stands beside.
    /// </summary>
    /// <param name="folder">Made if need be.</param>
    /// <exception cref="InvalidOperationException">It is merged, or the backbone's own weights were trained too.</exception>
    /// <exception cref="NotSupportedException">A layer is narrower than the rank.</exception>
    public void Save(string folder) => ClassifierAdapterFiles.Write(folder, _model);

    /// <summary>Loads a classifier from a folder that <see cref="Save"/> wrote. The caller disposes it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="backbone">The backbone beside whose weights the adapter was trained.</param>
    /// <param name="shared">
    /// Models that are loaded, or trained frozen, with one cache compute with one copy of the backbone. Null for a copy of the model's own, into which it can
    /// merge.
    /// </param>
    /// <param name="device">Where it runs, and in which type; as it was trained where not given.</param>
    /// <param name="registry">What it may be made of; <see cref="Registry.Known"/> where not given.</param>
    /// <exception cref="WeightsException">A file is missing or damaged, or the adapter belongs to other weights than the backbone's.</exception>
    public static TrainedModel Load(string folder, Backbone backbone, FeatureCache? shared = null, ComputeDevice? device = null, Registry? registry = null) =>
        ClassifierAdapterFiles.Load(folder, backbone, shared, device, registry ?? Registry.Known);
}
