using TransferLab.Networks;
using static TorchSharp.torch;

namespace TransferLab.Training;

/// <summary>
/// A pretrained network that nobody moves, in use by several models at once: freed when the last of them lets go. Its weights are prepared for
/// evaluation once, and hashed once.
/// </summary>
internal sealed class SharedNetwork(BackboneNetwork network, ScalarType type)
{
    private readonly IDisposable _held = network.CastWeights(network.Groups.Count, type);
    private int _users;

    /// <summary>The network.</summary>
    public BackboneNetwork Network => network;

    /// <summary>The cache's key of all its groups, once computed.</summary>
    public string? WeightsHash { get; set; }

    /// <summary>One more user, until disposed.</summary>
    public IDisposable Use()
    {
        Interlocked.Increment(ref _users);
        return new Lease(this);
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            _held.Dispose();
            network.Dispose();
        }
    }

    private sealed class Lease(SharedNetwork shared) : IDisposable
    {
        private SharedNetwork? _shared = shared;

        public void Dispose() => Interlocked.Exchange(ref _shared, null)?.Leave();
    }
}
