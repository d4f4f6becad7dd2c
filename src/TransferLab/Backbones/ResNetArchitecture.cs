using System.Globalization;
using System.Text.RegularExpressions;
using TorchSharp;

namespace TransferLab.Backbones;

/// <summary>Names and builds residual networks, so that a saved model can say what it is: <c>resnet-2-2-2-3</c>.</summary>
public static partial class ResNetArchitecture
{
    /// <summary>The name of a residual network of basic blocks.</summary>
    public static string Name(IReadOnlyList<int> blocksPerStage) => "resnet-" + string.Join('-', blocksPerStage);

    /// <summary>Builds it with random weights.</summary>
    public static BackboneNetwork Build(IReadOnlyList<int> blocksPerStage)
    {
        ResNet network = new(blocksPerStage);
        return new(network, network.Groups, network.FeatureWidth) { FollowsInputType = true };
    }

    /// <summary>Builds the network of a name; null where the name is not of this family.</summary>
    public static BackboneNetwork? TryBuild(string name) => Pattern().Match(name) is { Success: true } match
        ? Build([.. match.Groups[1].Captures.Select(c => int.Parse(c.Value, CultureInfo.InvariantCulture))])
        : null;

    [GeneratedRegex(@"^resnet(?:-([1-9]|[1-9][0-9])){4}$")]
    private static partial Regex Pattern();
}
