using TransferLab.Comparison;
using TransferLab.Networks;
using TransferLab.Strategies;

namespace TransferLab.Pipelines;

/// <summary>What is compared on two data views, and how.</summary>
public sealed record TransferComparisonOptions
{
    private readonly string _label = "Label", _image = "ImagePath", _text = "Text";

    /// <summary>The pretrained network; null for that of the backbone package that the program references and that suits the columns.</summary>
    public Backbone? Backbone { get; init; }

    /// <summary>The strategies, in the order of the table.</summary>
    public IReadOnlyList<Strategy> Strategies { get; init; } = [TransferStrategy.Frozen(), TransferStrategy.Full()];

    /// <summary>How many seeds, 1 to this number. The models are those of the first.</summary>
    public int Seeds { get; init; } = 1;

    /// <summary>Training examples a class, drawn anew for every seed; all of them where null.</summary>
    public int? TrainPerClass { get; init; }

    /// <summary>How training images are varied, in strategies that vary them.</summary>
    public Augmentation Augmentation { get; init; } = Augmentation.Standard;

    /// <summary>The column of the label: text, or a key with values of text.</summary>
    public string LabelColumnName
    {
        get => _label;
        init => _label = TransferOptions.Named(value, nameof(LabelColumnName));
    }

    /// <summary>The column of image paths.</summary>
    public string ImageColumnName
    {
        get => _image;
        init => _image = TransferOptions.Named(value, nameof(ImageColumnName));
    }

    /// <summary>The column of texts.</summary>
    public string TextColumnName
    {
        get => _text;
        init => _text = TransferOptions.Named(value, nameof(TextColumnName));
    }

    /// <summary>Where training runs: <c>auto</c>, <c>cpu</c> or <c>cuda</c>.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>In which type training computes: <c>auto</c>, <c>float32</c> or <c>bfloat16</c>. The models are float32.</summary>
    public string Precision { get; init; } = "auto";

    /// <summary>The folder that receives results.json, predictions and network files; null for none.</summary>
    public string? OutputFolder { get; init; }

    /// <summary>Told after every batch and every run.</summary>
    public IProgress<ComparisonProgress>? Progress { get; init; }

    /// <summary>Stops within a batch.</summary>
    public CancellationToken Cancellation { get; init; }
}
