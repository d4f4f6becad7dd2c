using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using TransferLab.Networks;
using TransferLab.Strategies;
using TransferLab.Training;

namespace TransferLab.Comparison;

/// <summary>Names all that decides a run: two runs of the same fingerprint find the same.</summary>
internal static class RunFingerprint
{
    /// <summary>SHA-256 (lower-case hex) over strategy, seed, examples, backbone, settings and version.</summary>
    public static string Of(Strategy strategy, int seed, string dataHash, string weightsHash, Backbone backbone, ComputeDevice compute, ComparisonOptions options)
    {
        byte[] all = JsonSerializer.SerializeToUtf8Bytes(new
        {
            Version = typeof(RunFingerprint).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
            Strategy = StrategyFile.Describe(strategy),
            Seed = seed,
            Data = dataHash,
            Weights = weightsHash,
            Encoder = backbone.Encoder.Key,
            backbone.Recipe,
            backbone.Architecture,
            Device = compute.Device.ToString(),
            compute.Precision,
            options.Augmentation,
            options.Balance,
            options.Tune,
            options.Budget,
            options.Calibrate,
            options.Inspects,
            Shifted = options.ShiftedTests.Select(test => $"{test.Name}/{test.Severity}/{string.Join(' ', test.Examples.Select(example => example.Hash))}"),
            Other = options.RetentionData?.Hash,
        });
        return Convert.ToHexString(SHA256.HashData(all)).ToLowerInvariant();
    }

    /// <summary>The hash on the backbone's card; where there is none, of its weights themselves.</summary>
    public static string OfWeights(Backbone backbone)
    {
        if (backbone.Card.Sha256.Length > 0)
        {
            return backbone.Card.Sha256;
        }

        using BackboneNetwork network = backbone.CreatePretrained();
        return FeatureCache.WeightsHash(network, network.Groups.Count);
    }
}
