using TorchSharp.Modules;
using TransferLab.Runtime;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks;

/// <summary>
/// The output layer of a language model: hidden states [M, width] to logits [M, vocabulary], without a bias. Pretrained, or tied to the embedding of the
/// backbone (Press and Wolf 2017, arXiv:1608.05859): then it has no parameters, and trains where the embedding does.
/// </summary>
internal sealed class LanguageHead : Head
{
    private readonly TokenEmbedding? _tied;
    private readonly Linear? _own;
    private Tensor? _held;

    /// <summary>A head that is tied.</summary>
    /// <param name="embedding">Of the backbone, which owns it.</param>
    public LanguageHead(TokenEmbedding embedding) => _tied = embedding;

    /// <summary>A head with a matrix of its own; random until it is filled.</summary>
    public LanguageHead(int width, int vocabulary) => _own = FirstWeights.Linear(width, vocabulary);

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Module Module)> Modules => _own is null ? [] : [("lm_head", _own)];

    /// <inheritdoc/>
    public override int Outputs => (int)Weight.shape[0];

    /// <inheritdoc/>
    public override bool IsNew => false;

    /// <inheritdoc/>
    public override bool IsTied => _tied is not null;

    /// <inheritdoc/>
    internal override bool IsFrozen => !Weight.requires_grad;

    private Parameter Weight => _tied?.Table ?? _own!.weight!;

    /// <inheritdoc/>
    /// <remarks>The product is made in the type of the features; only its result is float32.</remarks>
    public override Tensor Forward(Tensor features)
    {
        Tensor weight = _held is { } held && held.dtype == features.dtype ? held : TrainedCopies.In(Weight, features.dtype);
        return functional.linear(features, weight).to(ScalarType.Float32);
    }

    /// <summary>The matrix [vocabulary, width] that is computed with in a type, without a cast; null where there is none.</summary>
    internal Tensor? In(ScalarType type) => _held is { } held && held.dtype == type ? held : Weight.dtype == type ? Weight : null;

    /// <inheritdoc/>
    internal override IDisposable? CastWeights(ScalarType type)
    {
        if (type == ScalarType.Float32 || Weight.requires_grad || _held is not null)
        {
            return null;
        }

        _held = Weight.Copied(type);
        return new Released(this);
    }

    private sealed class Released(LanguageHead head) : IDisposable
    {
        public void Dispose()
        {
            head._held?.Dispose();
            head._held = null;
        }
    }
}
