namespace TransferLab.Tests.Training;

/// <summary>Tests that count live tensors or share torch's generator: one after another, and beside no other test.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TorchCollection
{
    public const string Name = "torch";
}
