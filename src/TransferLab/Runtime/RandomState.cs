using TorchSharp;

namespace TransferLab.Runtime;

/// <summary>torch's global generator, seeded for a while and put back as it was: the library changes no state that it does not own.</summary>
internal sealed class RandomState : IDisposable
{
    private readonly torch.Tensor _before = torch.get_rng_state().DetachFromDisposeScope();

    private RandomState(int seed) => torch.manual_seed(seed);

    public static RandomState Seeded(int seed) => new(seed);

    public void Dispose()
    {
        torch.set_rng_state(_before);
        _before.Dispose();
    }
}
