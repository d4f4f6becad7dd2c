using TorchSharp;

namespace TransferLab.Runtime;

/// <summary>
/// torch's generator of the CPU, seeded for a while and put back as it was. Initialisers of modules take no generator of their own, so building a network needs
/// it; one thread at a time, and nothing that takes long.
/// </summary>
internal sealed class RandomState : IDisposable
{
    private static readonly object s_lock = new();
    private readonly torch.Tensor _before;

    private RandomState(int seed)
    {
        Monitor.Enter(s_lock);
        _before = torch.Generator.Default.get_state().DetachFromDisposeScope();
        torch.Generator.Default.manual_seed(seed); // torch.manual_seed would seed every GPU too, which nobody puts back.
    }

    public static RandomState Seeded(int seed) => new(seed);

    public void Dispose()
    {
        torch.Generator.Default.set_state(_before);
        _before.Dispose();
        Monitor.Exit(s_lock);
    }
}
