using TransferLab.Runtime;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferLab.Networks;

/// <summary>Root mean square normalisation (Zhang and Sennrich 2019, arXiv:1910.07467): x / rms(x) x weight over the last axis, computed in float32.</summary>
internal sealed class RmsNorm : Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.Parameter weight;
    private readonly float _epsilon;

    public RmsNorm(long width, double epsilon) : base(nameof(RmsNorm))
    {
        _epsilon = (float)epsilon;
        weight = new(ones(width));
        RegisterComponents();
    }

    /// <summary>[width], float32.</summary>
    public Tensor Weight => weight;

    /// <summary>Added to the mean square.</summary>
    public float Epsilon => _epsilon;

    /// <summary>Maps [..., width] to the same shape and type.</summary>
    public override Tensor forward(Tensor x)
    {
        Tensor wide = x.to(ScalarType.Float32);
        Tensor scale = (wide * wide).mean([-1], keepdim: true).Plus(tensor(_epsilon, device: x.device)).rsqrt();   // (..., 1)
        return (wide * scale * weight).to(x.dtype);
    }
}
