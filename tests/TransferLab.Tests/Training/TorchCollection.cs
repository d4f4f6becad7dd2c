using TransferLab.Runtime;

namespace TransferLab.Tests.Training;

/// <summary>Tests that touch torch's generator or count tensors: one after another, and with libtorch loaded whichever comes first.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TorchCollection : ICollectionFixture<TorchCollection.Loaded>
{
    public const string Name = "torch";

    public sealed class Loaded
    {
        public Loaded() => LibTorch.Load();
    }
}
