using TransferLab.Backbones;
using TransferLab.Cli;

namespace TransferLab.Tests.Cli;

public sealed class KnownStrategiesTests
{
    [Fact]
    public void What_a_backbone_package_brings_is_listed_and_found()
    {
        Assert.EndsWith(", mlnet", KnownStrategies.Names(", "), StringComparison.Ordinal);
        Assert.Same(MLNetFrozen.Strategy, KnownStrategies.Find("mlnet"));
    }
}
