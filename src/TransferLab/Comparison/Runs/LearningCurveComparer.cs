using System.Globalization;
using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Runtime;
using TransferLab.Strategies;
using TransferLab.Training;

namespace TransferLab.Comparison;

/// <summary>
/// The same comparison with more and more training examples. With one seed a smaller draw is part of a larger one, and frozen features are shared. The
/// results are those of the largest size, with the curves; smaller sizes leave theirs in a folder of their own, without models.
/// </summary>
public sealed class LearningCurveComparer
{
    private readonly LabeledData _data;
    private readonly IReadOnlyList<Backbone> _backbones;
    private readonly ComputeDevice _compute;
    private readonly ComparisonOptions _options;
    private readonly IReadOnlyList<int> _sizes;

    /// <summary>Curves over one backbone.</summary>
    /// <param name="data">The task.</param>
    /// <param name="backbone">The backbone of transfer strategies.</param>
    /// <param name="compute">Where networks run.</param>
    /// <param name="options">What is compared; <see cref="ComparisonOptions.TrainPerClass"/> is not looked at.</param>
    /// <param name="sizes">Training examples a class, two different numbers or more.</param>
    public LearningCurveComparer(LabeledData data, Backbone backbone, ComputeDevice compute, ComparisonOptions options, IReadOnlyList<int> sizes)
        : this(data, [backbone], compute, options, sizes)
    {
    }

    /// <summary>Curves over several backbones.</summary>
    /// <param name="data">The task.</param>
    /// <param name="backbones">One backbone or more, of different names and of one kind of input.</param>
    /// <param name="compute">Where networks run.</param>
    /// <param name="options">What is compared; <see cref="ComparisonOptions.TrainPerClass"/> is not looked at.</param>
    /// <param name="sizes">Training examples a class, two different numbers or more.</param>
    public LearningCurveComparer(LabeledData data, IReadOnlyList<Backbone> backbones, ComputeDevice compute, ComparisonOptions options,
        IReadOnlyList<int> sizes) =>
        (_data, _backbones, _compute, _options, _sizes) = (data, backbones, compute, options, sizes);

    /// <summary>Runs the comparisons, the smallest first.</summary>
    /// <param name="progress">Told after every batch and every run; runs are counted over all sizes.</param>
    /// <param name="cancellation">Stops within a batch; finished seeds and sizes stay.</param>
    /// <exception cref="ArgumentException">There are fewer than two sizes, one is below 1, or given twice.</exception>
    public ComparisonResults Run(IProgress<ComparisonProgress>? progress = null, CancellationToken cancellation = default)
    {
        int[] ascending = Ascending();
        using FeatureCache? own = _options.Cache is null ? new() : null;
        List<ComparisonResults> found = [];
        foreach (int size in ascending)
        {
            bool isLargest = size == ascending[^1];
            string? folder = _options.OutputFolder is { } output ? Path.Combine(output, string.Create(CultureInfo.InvariantCulture, $"n{size}")) : null;
            if (!isLargest && folder is not null)
            {
                KeepShorterCurve(_options.OutputFolder!, folder, size);
            }

            ComparisonOptions options = _options with
            {
                TrainPerClass = size,
                OutputFolder = isLargest ? _options.OutputFolder : folder,
                SavesModels = isLargest && _options.SavesModels,
                Cache = _options.Cache ?? own,
            };
            int done = found.Count;
            found.Add(new Comparer(_data, _backbones, _compute, options).Run(new ImmediateProgress<ComparisonProgress>(p =>
                progress?.Report(p with { Run = (done * p.Runs) + p.Run, Runs = ascending.Length * p.Runs, PerClass = size })), cancellation));
        }

        IReadOnlyList<Crossing> crossings = Crossings.Of(found);
        ComparisonResults results = found[^1] with
        {
            LearningCurves = Crossings.Curves(found),
            Crossings = crossings,
            Verdicts = [.. found[^1].Verdicts, .. Verdict.Bounded([.. crossings.Select(crossing => crossing.Sentence)], "crossings")],
        };
        if (_options.OutputFolder is { } whole)
        {
            ResultsFile.Write(results, Path.Combine(whole, "results.json"));
        }

        return results;
    }

    private int[] Ascending()
    {
        int[] ascending = [.. _sizes.Order()];
        if (ascending.Length < 2 || ascending.Distinct().Count() < ascending.Length || ascending[0] < 1)
        {
            throw new ArgumentException(
                $"Learning curves take two or more different numbers of training examples a class, each at least 1; given "
                    + $"{Naming.Some([.. _sizes.Select(size => size.ToString(CultureInfo.InvariantCulture))])}.");
        }

        int largest = _data.Train.GroupBy(example => example.Label).Select(examples => examples.Count()).DefaultIfEmpty(0).Max();
        return ascending[^1] <= largest ? ascending
            : throw new ArgumentException(
                $"Learning curves with {ascending[^1]} training examples a class: no class has more than {largest}, and the curve would go on over the same "
                    + $"examples; end it with {largest} for all.");
    }

    private static int? SizeIn(string results)
    {
        try
        {
            return File.Exists(results) ? ResultsFile.Read(results).Data.TrainPerClass : null;
        }
        catch (DataException)
        {
            return null; // Something else, which is about to be replaced.
        }
    }

    /// <summary>What was the largest size of a shorter curve moves to a folder of its own, so that its runs are found there.</summary>
    private static void KeepShorterCurve(string folder, string own, int size)
    {
        if (Directory.Exists(own) || SizeIn(Path.Combine(folder, "results.json")) != size)
        {
            return;
        }

        Directory.CreateDirectory(own);
        foreach (string part in (string[])["runs", "predictions", "models"])
        {
            if (Directory.Exists(Path.Combine(folder, part)))
            {
                Directory.Move(Path.Combine(folder, part), Path.Combine(own, part));
            }
        }
    }
}
