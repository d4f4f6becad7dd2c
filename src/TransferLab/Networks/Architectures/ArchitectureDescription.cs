namespace TransferLab.Networks.Architectures;

/// <summary>One network of a family: all that is needed to build it again.</summary>
/// <param name="Architecture">The family.</param>
/// <param name="Text">Its description, as saved models hold it: <c>resnet-2-2-2-3</c>.</param>
public sealed record ArchitectureDescription(Architecture Architecture, string Text)
{
    /// <summary>Builds it with random weights from torch's generator. The caller owns it.</summary>
    public BackboneNetwork Build() => Architecture.Build(Text);

    /// <inheritdoc/>
    public override string ToString() => Text;
}
