using TorchSharp;
using static TorchSharp.torch;

namespace TransferLab.Networks;

/// <summary>
/// What a forward pass carries beside its batch, for as long as it runs on its thread: the run's own random generator, for dropout, and the adapters beside the
/// weights. So a backbone that several models share computes for each as for one alone.
/// </summary>
internal sealed class ForwardPass : IDisposable
{
    [ThreadStatic]
    private static ForwardPass? t_current;
    private readonly ForwardPass? _outer = t_current;

    private ForwardPass(Generator? random, AdapterSet? adapters) => (Random, Adapters) = (random, adapters);

    /// <summary>The one that runs on this thread; null where none does, such as where a user calls a module.</summary>
    public static ForwardPass? Current => t_current;

    /// <summary>Draws what is random in training; null for torch's own.</summary>
    public Generator? Random { get; }

    /// <summary>Low-rank updates beside the weights; null for none.</summary>
    public AdapterSet? Adapters { get; }

    /// <summary>Begins one; the one around it goes on when it is disposed.</summary>
    public static ForwardPass Begin(Generator? random, AdapterSet? adapters) => t_current = new(random, adapters);

    public void Dispose() => t_current = _outer;
}
