using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Networks;
using TransferLab.Strategies;
using TransferLab.Training;

namespace TransferLab.Comparison;

/// <summary>
/// Trains every strategy on the same training examples and tests each once on the same test. The seeds are the outer loop: after each, the
/// comparison so far is complete, and is written.
/// </summary>
public sealed class Comparer
{
    private readonly LabeledData _data;
    private readonly IReadOnlyList<Backbone> _backbones;
    private readonly ComputeDevice _compute;
    private readonly ComparisonOptions _options;

    /// <summary>A comparison over one backbone.</summary>
    /// <param name="data">The task.</param>
    /// <param name="backbone">The backbone of transfer strategies.</param>
    /// <param name="compute">Where networks run.</param>
    /// <param name="options">What is compared, and how.</param>
    public Comparer(LabeledData data, Backbone backbone, ComputeDevice compute, ComparisonOptions options)
        : this(data, [backbone], compute, options)
    {
    }

    /// <summary>A comparison over several backbones: each strategy is a row of each of them, but for those that use none.</summary>
    /// <param name="data">The task.</param>
    /// <param name="backbones">One backbone or more, of different names and of one kind of input.</param>
    /// <param name="compute">Where networks run.</param>
    /// <param name="options">What is compared, and how.</param>
    /// <exception cref="ArgumentException">There is no backbone, two have one name, or they read different kinds of input.</exception>
    public Comparer(LabeledData data, IReadOnlyList<Backbone> backbones, ComputeDevice compute, ComparisonOptions options)
    {
        (_data, _backbones, _compute, _options) = (data, backbones, compute, options);
        if (backbones.Count == 0)
        {
            throw new ArgumentException("A comparison needs a backbone; give one.", nameof(backbones));
        }

        if (backbones.GroupBy(backbone => backbone.Card.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Two backbones are named '{twice.Key}'; give each a name of its own on its card.", nameof(backbones));
        }

        if (backbones.FirstOrDefault(backbone => backbone.Encoder.Kind != backbones[0].Encoder.Kind) is { } other)
        {
            throw new ArgumentException(
                $"The backbone '{other.Card.Name}' reads {other.Encoder.Kind}s and '{backbones[0].Card.Name}' {backbones[0].Encoder.Kind}s; compare backbones "
                    + $"of one kind.", nameof(backbones));
        }

        foreach ((Backbone backbone, Strategy strategy) in backbones.SelectMany(backbone => options.Strategies.Select(strategy => (backbone, strategy))))
        {
            Learner.Check(strategy, backbone);
        }

        LabeledData seen = options.TrainPerClass is { } perClass ? Split.Subsample(data, perClass, seed: 1) : data;
        Warnings =
        [
            .. seen.Warnings, .. backbones.SelectMany(backbone => backbone.Encoder.Warnings(data)).Distinct(),
            .. backbones.Where(backbone => PublishedLicence.ForbidsCommercialUse(backbone.Card.Licence))
                .Select(backbone => $"The licence of the backbone {backbone.Card.Name} ({backbone.Card.Licence}) forbids commercial use."),
        ];
    }

    /// <summary>What a person should know of the data, and of how the backbones see them; one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>The models that are trained, and what the files of each are called, without seed and extension.</summary>
    /// <exception cref="ArgumentException">Two would have one name.</exception>
    public IReadOnlyList<(Strategy Strategy, Backbone Backbone, string FileName)> Models =>
        [.. Adaptation.All(_backbones, _options).Select(adaptation => (adaptation.Strategy, adaptation.Backbone, adaptation.Stem))];

    /// <summary>Told of every model once it is tested; the model lives no longer than the call.</summary>
    internal Action<Strategy, int, FitResult>? Tested { get; init; }

    /// <summary>Runs the comparison. Each call is a comparison of its own: in an output folder, finished runs of an earlier one are taken from there.</summary>
    /// <param name="progress">Told after every batch and every run.</param>
    /// <param name="cancellation">Stops within a batch; what is written by then stays, and is whole.</param>
    /// <exception cref="ArgumentException">The options make no comparison.</exception>
    /// <exception cref="DataException">There is nothing to test on.</exception>
    public ComparisonResults Run(IProgress<ComparisonProgress>? progress = null, CancellationToken cancellation = default)
    {
        _options.Validate();
        if (_data.Test.Count == 0)
        {
            throw new DataException($"{_data.Name}: there is nothing to test on.");
        }

        using FeatureCache? own = _options.Cache is null ? new() : null;
        return new ComparisonRun(_data, _backbones, _compute, _options, _options.Cache ?? own!, Warnings, Tested).Go(progress, cancellation);
    }
}
