using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using TransferLab.Backbones;
using static TorchSharp.torch;

namespace TransferLab.Training;

/// <summary>
/// Outputs of frozen layers, kept per example for as long as this object lives. The key is what decides them: the hash of the weights, of the
/// preprocessing and of each example's content, so nothing stale can be found. Not for use from several threads at once.
/// </summary>
public sealed class FeatureCache
{
    private readonly Dictionary<string, FeatureTable> _tables = [];

    /// <summary>Features held, over all backbones.</summary>
    public int Count => _tables.Values.Sum(table => table.Rows.Count);

    /// <summary>The table of one network's first groups under one preprocessing.</summary>
    internal FeatureTable Table(BackboneNetwork network, int groups, InputEncoder encoder, ScalarType type)
    {
        string key = $"{WeightsHash(network, groups)}/{groups}/{encoder.Key}/{type}";
        return CollectionsMarshal.GetValueRefOrAddDefault(_tables, key, out _) ??= new();
    }

    /// <summary>SHA-256 over names, shapes and values of the weights and statistics of the first groups.</summary>
    private static string WeightsHash(BackboneNetwork network, int groups)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (LayerGroup group in network.Groups.Take(groups))
        {
            foreach ((string name, Tensor value) in group.Modules.SelectMany(module => module.state_dict()))
            {
                hash.AppendData(Encoding.UTF8.GetBytes($"{group.Name}/{name}/{string.Join('x', value.shape)};"));
                using Tensor detached = value.detach();
                using Tensor local = detached.cpu();
                using Tensor flat = local.contiguous();
                hash.AppendData(flat.bytes);
            }
        }

        return Convert.ToHexString(hash.GetHashAndReset()).ToLowerInvariant();
    }
}

/// <summary>Outputs of one network's first groups, by the content hash of the example.</summary>
internal sealed class FeatureTable
{
    /// <summary>Content hash to the output of one example, flat.</summary>
    public Dictionary<string, float[]> Rows { get; } = [];

    /// <summary>Shape of one example's output.</summary>
    public long[] Shape { get; set; } = [];

    /// <summary>Examples computed, and what that took.</summary>
    public int Computed { get; set; }

    /// <summary>Seconds that computing them waited for input.</summary>
    public double ReadSeconds { get; set; }

    /// <summary>Seconds of the network.</summary>
    public double NetworkSeconds { get; set; }
}
