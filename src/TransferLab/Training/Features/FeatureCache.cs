using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using TorchSharp;
using TransferLab.Data;
using TransferLab.Networks;
using static TorchSharp.torch;

namespace TransferLab.Training;

/// <summary>
/// Outputs of frozen layers, kept per example for as long as this object lives. The key is what decides them: the hash of the weights, of the
/// preprocessing and of each example's content, so nothing stale can be found. Keeps the pretrained network itself too, for strategies that
/// do not move it. Not for use from several threads at once.
/// </summary>
public sealed class FeatureCache : IDisposable
{
    private readonly Dictionary<(Backbone, string), (SharedNetwork Network, IDisposable Use)> _networks = [];
    private readonly Dictionary<string, FeatureTable> _tables = [];
    private bool _isDisposed;

    /// <summary>Features held, over all backbones.</summary>
    public int Count => _tables.Values.Sum(table => table.Rows.Count);

    /// <summary>Lets go of the networks; models that use them still do. Features stay.</summary>
    public void Dispose()
    {
        foreach ((_, IDisposable use) in _networks.Values)
        {
            use.Dispose();
        }

        _networks.Clear();
        _isDisposed = true;
    }

    /// <summary>
    /// Whether a model should look these examples up: not once the networks are gone, since finding the table would hash the model's own every time, and not
    /// where no hash names what an image holds, since a file may change.
    /// </summary>
    internal bool Serves(IReadOnlyList<Example> examples, InputEncoder encoder) =>
        !_isDisposed && (encoder.Kind == "text" || examples.All(example => example.Hash.Length > 0));

    /// <summary>The pretrained network of a backbone, for somebody who does not change it; the caller disposes the lease and not the network.</summary>
    internal (BackboneNetwork Network, IDisposable Lease) Pretrained(Backbone backbone, ComputeDevice compute)
    {
        (Backbone, string) key = (backbone, $"{compute.Device}/{compute.Precision}");
        if (!_networks.TryGetValue(key, out (SharedNetwork Network, IDisposable Use) found))
        {
            BackboneNetwork network = backbone.CreatePretrained();
            network.Module.to(compute.Device);
            network.Module.eval();
            SharedNetwork shared = new(network, compute.TypeFor(network));
            found = _networks[key] = (shared, shared.Use());
        }

        return (found.Network.Network, found.Network.Use());
    }

    /// <summary>The table of one network's first groups under one preprocessing.</summary>
    internal FeatureTable Table(BackboneNetwork network, int groups, InputEncoder encoder, ScalarType type, AdapterSet? adapters = null)
    {
        SharedNetwork? shared = groups == network.Groups.Count
            ? _networks.Values.Select(value => value.Network).FirstOrDefault(value => value.Network == network)
            : null;
        string weights = shared is null ? WeightsHash(network, groups) : shared.WeightsHash ??= WeightsHash(network, groups);
        string key = $"{weights}/{(adapters is null ? "" : AdaptersHash(adapters))}{groups}/{network.Pooling}/{encoder.Key}/{type}";
        return CollectionsMarshal.GetValueRefOrAddDefault(_tables, key, out _) ??= new();
    }

    /// <summary>SHA-256 over names, strength and values of updates: an adapted network has features of its own.</summary>
    internal static string AdaptersHash(AdapterSet adapters)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{adapters.Rank}/{adapters.Alpha:R};")));
        foreach ((string name, Tensor value) in adapters.State())
        {
            Append(hash, name, value);
        }

        return Convert.ToHexString(hash.GetHashAndReset()).ToLowerInvariant();
    }

    /// <summary>SHA-256 over names, shapes and values of the weights and statistics of the first groups.</summary>
    internal static string WeightsHash(BackboneNetwork network, int groups)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (LayerGroup group in network.Groups.Take(groups))
        {
            foreach ((string name, Tensor value) in group.Modules.SelectMany(module => module.state_dict()))
            {
                Append(hash, $"{group.Name}/{name}", value);
            }
        }

        return Convert.ToHexString(hash.GetHashAndReset()).ToLowerInvariant();
    }

    private static void Append(IncrementalHash hash, string name, Tensor value)
    {
        hash.AppendData(Encoding.UTF8.GetBytes($"{name}/{string.Join('x', value.shape)};"));
        using Tensor detached = value.detach();
        using Tensor local = detached.cpu();
        using Tensor flat = local.contiguous();
        hash.AppendData(flat.bytes);
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
