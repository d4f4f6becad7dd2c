using TorchSharp;
using TransferLab.Data;
using TransferLab.Runtime;
using static TorchSharp.torch;

namespace TransferLab.Strategies;

/// <summary>
/// No labels: each example is to be nearer to itself, seen a second time, than to the others of its batch (Gao et al. 2021, arXiv:2104.08821). A
/// text differs between the two by dropout, an image by its random view too. The head has no part in it.
/// </summary>
public sealed record Contrast : FeatureObjective
{
    /// <summary>As published for texts.</summary>
    private const float Temperature = 0.05f;

    /// <inheritdoc/>
    public override string Name => "contrast";

    /// <inheritdoc/>
    public override bool NeedsTargets => false;

    /// <inheritdoc/>
    /// <returns>All of them, and all of them again.</returns>
    public override IReadOnlyList<Example> Arrange(IReadOnlyList<Example> examples) => [.. examples, .. examples];

    /// <inheritdoc/>
    public override ObjectiveLoss Loss(Tensor features, Tensor? targets)
    {
        Tensor directions = features / features.norm(dim: 1, keepdim: true).clamp_min(Numbers.Tiny);   // (2 N, width)
        int count = (int)directions.shape[0] / 2;
        Tensor likeness = directions[..count].mm(directions[count..].t()).div(tensor(Temperature, device: directions.device));   // (N, N)
        Tensor self = Arithmetic.Count(count, directions.device);
        return new(nn.functional.cross_entropy(likeness, self), likeness.argmax(1).eq(self).sum(), count);
    }

    // Kept: a temporary one may be freed during the call. Apart: whoever only looks at an objective needs no libtorch.
    private static class Numbers
    {
        public static readonly Scalar Tiny = 1e-12;
    }
}
