using TorchSharp;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Training;

namespace TransferLab.Comparison.Inspection;

/// <summary>Measures on data of another task what is left of the backbone's features after training.</summary>
internal sealed class RetentionMeasure
{
    private const int MostExamples = 400;
    private const int Seed = 41;
    private readonly LabeledData _other;
    private readonly InputEncoder _encoder;
    private readonly ComputeDevice _compute;
    private readonly LabeledFeatures _before;

    /// <summary>Takes up to 400 examples of the other task and the pretrained features of them.</summary>
    public RetentionMeasure(Backbone backbone, ComputeDevice compute, LabeledData other, CancellationToken cancellation)
    {
        int perClass = Math.Max(2, MostExamples / other.Classes.Count);
        _other = Split.Subsample(other with { Train = [.. other.Train, .. other.Test] }, perClass, Seed);
        (_encoder, _compute) = (backbone.Encoder, compute);
        using BackboneNetwork network = backbone.CreatePretrained();
        network.Module.to(compute.Device);
        _before = Features(network, adapters: null, cancellation);
        Data = new() { Name = other.Name, Examples = _other.Train.Count, Classes = other.Classes.Count, ProbeBefore = Probe(_before, cancellation) };
    }

    /// <summary>The other task, and what the pretrained features are worth there.</summary>
    public RetentionData Data { get; }

    /// <summary>What a trained network's features are worth there, and how alike they are to what they were.</summary>
    public Retention Of(TransferNetwork trained, CancellationToken cancellation)
    {
        LabeledFeatures after = Features(trained.Backbone, trained.Adapters, cancellation);
        return new(Probe(after, cancellation), FeatureMatrix.Cka(_before.Rows, after.Rows),
            FeatureMatrix.SharedNeighbours(_before.Rows, after.Rows))
        { Data = Data };
    }

    private LabeledFeatures Features(BackboneNetwork network, AdapterSet? adapters, CancellationToken cancellation)
    {
        network.Module.eval();
        FeatureExtractor extractor = new(network, _encoder, _compute, new FeatureCache(), adapters);
        return extractor.Extract(_other.Train, network.Groups.Count, clock: null, progress: null, cancellation).Features;
    }

    private double Probe(LabeledFeatures features, CancellationToken cancellation) =>
        ProbeScore.Of(features, _other.Train, _other.Classes.Count, Seed, cancellation).Accuracy;
}
