using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks.Architectures;

/// <summary>Normalisation of the last axis without a bias, in float32 whatever the type of its input.</summary>
internal sealed class ScaleNorm : Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly double _epsilon;

    public ScaleNorm(long width, double epsilon) : base(nameof(ScaleNorm))
    {
        _epsilon = epsilon;
        weight = new(ones(width));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => functional.layer_norm(x, [x.shape[^1]], weight, null, _epsilon);
}
