using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Strategies;
using TransferLab.Training;

namespace TransferLab.Comparison;

/// <summary>
/// Names all that decides a run: two runs of the same fingerprint find the same. Of the options only those have no part in it that decide which runs there are
/// (strategies, seeds, restart), where they lie and how often they are kept; whether models are saved stands beside it, so that a run that saved its model need
/// not be repeated where none is asked for.
/// </summary>
internal sealed class RunFingerprint(LabeledData data, Backbone backbone, ComputeDevice compute, ComparisonOptions options)
{
    private readonly Lazy<string> _weights = new(() => OfWeights(backbone));

    /// <summary>SHA-256 (lower-case hex) over strategy, seed, examples, backbone, settings, context and version.</summary>
    /// <param name="strategy">The strategy.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="train">What is trained on.</param>
    /// <param name="context">What the model is tested in.</param>
    public string Of(Strategy strategy, int seed, IReadOnlyList<Example> train, TestContext context)
    {
        byte[] all = JsonSerializer.SerializeToUtf8Bytes(new
        {
            Version = typeof(RunFingerprint).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
            Strategy = StrategyFile.Describe(strategy),
            Seed = seed,
            Data = $"{DataHash.Of(data.Classes, train, data.Test)}/{data.Hash}",
            Weights = _weights.Value,
            Encoder = backbone.Encoder.Key,
            backbone.Recipe,
            Architecture = backbone.Architecture?.Text,
            Device = compute.Device.ToString(),
            compute.Precision,
            options.Augmentation,
            options.Balance,
            options.Tune,
            options.Rates,
            options.Budget,
            options.Calibrate,
            options.Inspects,
            Shifted =
                options.ShiftedTests.Select(test => $"{test.Name}/{test.Severity}/{test.IsCopy}/{DataHash.Of(data.Classes, [], context.Of(test.Examples))}"),
            Other = options.RetentionData is { } other ? $"{DataHash.Of(other.Classes, other.Train, other.Test)}/{other.Hash}" : null,
            Context = context.Apply is null ? context.Name : $"{context.Name}/{DataHash.Of(data.Classes, [], context.Of(data.Test))}",
        });
        return Convert.ToHexString(SHA256.HashData(all)).ToLowerInvariant();
    }

    /// <summary>The hash on the backbone's card; where there is none, of its weights themselves.</summary>
    private static string OfWeights(Backbone backbone)
    {
        if (backbone.Card.Sha256.Length > 0 && backbone.FrozenOnly is null) // Of a graph that runs as it is, the file does not tell which output is meant.
        {
            return backbone.Card.Sha256;
        }

        using BackboneNetwork network = backbone.CreatePretrained();
        return FeatureCache.WeightsHash(network, network.Groups.Count);
    }
}
