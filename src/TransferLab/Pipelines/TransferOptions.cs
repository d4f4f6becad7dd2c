using TransferLab.Networks;
using TransferLab.Strategies;
using TransferLab.Training;

namespace TransferLab.Pipelines;

/// <summary>What the transfer trainers of images and of texts have in common.</summary>
public abstract record TransferOptions
{
    private readonly string _label = "Label", _predicted = "PredictedLabel", _score = "Score";

    private protected TransferOptions()
    {
    }

    /// <summary>The pretrained network; null for that of the backbone package that the program references. It also decides the size of the input.</summary>
    public Backbone? Backbone { get; init; }

    /// <summary>How it is adapted: any strategy whose model becomes ONNX or ML.NET's own steps, such as gradient steps, nearest neighbours or a trainer of
    /// ML.NET's on its features.</summary>
    public Strategy Strategy { get; init; } = TransferStrategy.Frozen();

    /// <summary>The column of the label, a key with names: what <c>MapValueToKey</c> makes.</summary>
    public string LabelColumnName
    {
        get => _label;
        init => _label = Named(value, nameof(LabelColumnName));
    }

    /// <summary>The column that receives the most probable label, a key with the label's names.</summary>
    public string PredictedLabelColumnName
    {
        get => _predicted;
        init => _predicted = Named(value, nameof(PredictedLabelColumnName));
    }

    /// <summary>The column that receives the probability of every class, with the classes as slot names.</summary>
    public string ScoreColumnName
    {
        get => _score;
        init => _score = Named(value, nameof(ScoreColumnName));
    }

    /// <summary>Decides initial weights, order, views and what is held out; null to draw one from the seed of the <see cref="Microsoft.ML.MLContext"/>, or 1
    /// where that has none.</summary>
    public int? Seed { get; init; }

    /// <summary>Where training runs: <c>auto</c>, <c>cpu</c> or <c>cuda</c>.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>In which type training computes: <c>auto</c>, <c>float32</c> or <c>bfloat16</c>. The trained model is float32.</summary>
    public string Precision { get; init; } = "auto";

    /// <summary>Where the network is also written as a file that training can go on from (<see cref="Models.BackboneFile"/>); null for nowhere.</summary>
    public string? NetworkFile { get; init; }

    /// <summary>Told after every batch.</summary>
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>Stops training within a batch.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>The column of the input.</summary>
    internal abstract string InputColumnName { get; }

    /// <summary>What the backbone must read.</summary>
    internal abstract string Kind { get; }

    /// <summary>A column's name, or the error that says it has none.</summary>
    internal static string Named(string value, string option) =>
        string.IsNullOrWhiteSpace(value) ? throw new ArgumentException($"{option} is the name of a column, not '{value}'.", option) : value;
}
