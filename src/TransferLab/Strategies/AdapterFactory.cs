using TransferLab.Networks;

namespace TransferLab.Strategies;

/// <summary>Makes the adapters that a phase asks for.</summary>
internal static class AdapterFactory
{
    private const int MostNames = 12;

    /// <summary>Puts a phase's adapters beside the weights of a network, where it has some.</summary>
    /// <exception cref="ArgumentException">There is no such layer.</exception>
    public static void Adapt(this TransferNetwork network, Phase phase, int seed)
    {
        if (phase.Lora is not { } lora)
        {
            network.Adapt(null);
            return;
        }

        int groups = network.Backbone.Groups.Count;
        AdapterSet adapters = new(network.Backbone, lora.Rank, lora.Alpha, group => phase.Trains.Includes(group, groups), lora.Includes, seed);
        if (adapters.Layers == 0)
        {
            adapters.Dispose();
            throw new ArgumentException(
                $"LoRA ({lora}) finds no such layer in what the phase trains; the layers are {string.Join(", ", adapters.Candidates.Take(MostNames))} ...");
        }

        network.Adapt(adapters);
    }
}
