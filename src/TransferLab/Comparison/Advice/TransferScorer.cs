using System.Diagnostics;
using TorchSharp;
using TransferLab.Comparison.Inspection;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Runtime;
using TransferLab.Training;

namespace TransferLab.Comparison.Advice;

/// <summary>Computes <see cref="TransferScores"/>.</summary>
/// <param name="backbone">The pretrained backbone; its random twin is run too.</param>
/// <param name="compute">Where.</param>
public sealed class TransferScorer(Backbone backbone, ComputeDevice compute)
{
    private const int MostExamples = 1000;
    private const int Seed = 1;

    /// <summary>Looks at up to 1,000 training examples, equally many of each class. The test is not looked at.</summary>
    /// <param name="data">The task.</param>
    /// <param name="cancellation">Stops within a batch.</param>
    /// <exception cref="ArgumentException">There are too few examples: five and two classes at least.</exception>
    public TransferScores Score(LabeledData data, CancellationToken cancellation = default)
    {
        if (data.Train.Count < 5 || data.Classes.Count < 2)
        {
            throw new ArgumentException(
                $"Advice needs two classes and five training examples at least, not {data.Classes.Count} and {data.Train.Count}; add some.");
        }

        IReadOnlyList<Example> examples = Split.Subsample(data, Math.Max(2, MostExamples / data.Classes.Count), Seed).Train;
        (LabeledFeatures features, double seconds) = Features(backbone.CreatePretrained(), examples, cancellation);
        (LabeledFeatures random, _) = Features(backbone.CreateRandom(Seeds.Mix(Seed, "weights")), examples, cancellation);
        return new()
        {
            Kind = backbone.Encoder.Kind,
            Backbone = backbone.Card.Name,
            Classes = data.Classes.Count,
            Examples = data.Train.Count,
            Used = examples.Count,
            Probe = ProbeScore.Of(features, examples, data.Classes.Count, Seed, cancellation).Accuracy,
            Neighbour = Neighbour(features),
            RandomNeighbour = Neighbour(random),
            LogMe = LinearEvidence.LogMe(features, data.Classes.Count),
            HScore = LinearEvidence.HScore(features, data.Classes.Count),
            MeanCosine = MeanCosine(features),
            SecondsPerExample = seconds / examples.Count,
        };
    }

    private (LabeledFeatures Features, double Seconds) Features(BackboneNetwork built, IReadOnlyList<Example> examples, CancellationToken cancellation)
    {
        using BackboneNetwork network = built;
        network.Module.to(compute.Device);
        network.Module.eval();
        long start = Stopwatch.GetTimestamp();
        FeatureExtractor extractor = new(network, backbone.Encoder, compute, new FeatureCache());
        (LabeledFeatures features, _) = extractor.Extract(examples, network.Groups.Count, clock: null, progress: null, cancellation);
        return (features, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private static double Neighbour(LabeledFeatures features) =>
        FeatureMatrix.Nearest(features.Rows, 1).Where((other, i) => features.Labels[(int)other] == features.Labels[i]).Count() / (double)features.Rows.Count;

    private static double MeanCosine(LabeledFeatures features)
    {
        double[] sum = new double[features.Rows[0].Length];
        foreach (float[] row in features.Rows)
        {
            double length = Math.Max(1e-12, Math.Sqrt(row.Sum(value => (double)value * value)));
            for (int d = 0; d < sum.Length; d++)
            {
                sum[d] += row[d] / length;
            }
        }

        int n = features.Rows.Count; // The mean over pairs of different examples, from the length of the sum of all directions.
        return (sum.Sum(value => value * value) - n) / ((double)n * (n - 1));
    }
}
