using TransferLab.Data;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Training;

namespace TransferLab.Comparison.Inspection;

/// <summary>What is looked at after a run beside its test: shifted tests, what of the pretrained features is left, and, with the first seed, what changed
/// inside.</summary>
internal sealed class RunExaminer(LabeledData data, Backbone backbone, ComputeDevice compute, ComparisonOptions options)
{
    private NetworkInspector? _inspector;
    private RetentionMeasure? _retention;

    /// <summary>Adds what the shifted tests show.</summary>
    /// <param name="model">The trained model.</param>
    /// <param name="context">What it is given beside each example.</param>
    /// <param name="run">Its run.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public RunResult WithShifts(TrainedModel model, TestContext context, RunResult run, CancellationToken cancellation) =>
        run with { Shifted = options.ShiftedTests.Count == 0 ? null : [.. options.ShiftedTests.Select(test => Shifted(model, test, context, cancellation))] };

    /// <summary>Adds what the trained network itself shows.</summary>
    /// <param name="isTransfer">Whether it starts from the pretrained weights, so that a comparison with them means something.</param>
    /// <param name="model">The trained model.</param>
    /// <param name="run">Its run.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public RunResult WithInside(bool isTransfer, TrainedModel model, RunResult run, CancellationToken cancellation)
    {
        if (model is not NetworkModel { Network: var network } || !isTransfer)
        {
            return run;
        }

        if (options.RetentionData is { } other)
        {
            _retention ??= new(backbone, compute, other, cancellation);
            run = run with { Retention = _retention.Of(network, cancellation) };
        }

        if (!options.Inspects || run.Seed != 1)
        {
            return run;
        }

        _inspector ??= new(backbone, compute, data.Test);
        (IReadOnlyList<LayerChange> layers, Projection before, Projection after) = _inspector.Compare(network, cancellation);
        return run with { Inspection = new(layers, before, after) };
    }

    /// <summary>Adds where the network looked to the mistakes of images, and which words counted to those of texts.</summary>
    public IReadOnlyList<Mistake> WithFocus(IReadOnlyList<Mistake> mistakes, TrainedModel model, CancellationToken cancellation)
    {
        if (!options.Inspects || model is not NetworkModel { Network: var network })
        {
            return mistakes;
        }

        return backbone.Encoder switch
        {
            TextEncoder encoder => [.. mistakes.Select(mistake => mistake with
            {
                Words = TokenEvidence.Words(network, encoder, compute, mistake.Text!, mistake.Predicted, data.Test[mistake.Index].Label, cancellation),
            })],
            ImageEncoder encoder => [.. mistakes.Select(mistake => Lit(mistake, network, encoder, cancellation))],
            _ => mistakes,
        };
    }

    private Mistake Lit(Mistake mistake, TransferNetwork network, InputEncoder encoder, CancellationToken cancellation)
    {
        if (GradCam.Map(network, encoder, compute, data.Test[mistake.Index], mistake.Predicted, cancellation) is not { } map)
        {
            return mistake;
        }

        byte[] pixels = WorstMistakes.Pixels(data.Test[mistake.Index].Source, (encoder as ImageEncoder)?.View);
        return mistake with { Focus = GradCam.Overlay(pixels, WorstMistakes.Side, map.Map, map.Height, map.Width) };
    }

    /// <summary>What all runs of a strategy showed.</summary>
    public StrategyResult Complete(StrategyResult strategy, IReadOnlyList<int> labels) => strategy with
    {
        Retention = strategy.Runs.All(run => run.Retention is not null)
            ? new(strategy.Runs.Average(run => run.Retention!.Probe), strategy.Runs.Average(run => run.Retention!.Cka),
                strategy.Runs.Average(run => run.Retention!.Neighbours))
            : null,
        Shifts = options.ShiftedTests.Count == 0 ? null : [.. options.ShiftedTests.Select((test, t) => Summarize(strategy, test, t, labels))],
    };

    private static ShiftedRun Shifted(TrainedModel model, ShiftedTest test, TestContext context, CancellationToken cancellation)
    {
        IReadOnlyList<int> predicted = model.Predict(context.Of(test.Examples), null, cancellation).Labels;
        return new(test.Name, test.Severity, predicted.Where((label, i) => label == test.Examples[i].Label).Count() / (double)predicted.Count, predicted);
    }

    private static ShiftResult Summarize(StrategyResult strategy, ShiftedTest test, int index, IReadOnlyList<int> labels)
    {
        int[] here = [.. test.Examples.Select(example => example.Label)];
        double[][] right = [.. strategy.Runs.Select(run => TaskScores.Right(run.Shifted![index].Predicted, here))];
        return new()
        {
            Name = test.Name,
            Severity = test.Severity,
            Description = test.Description,
            Tests = here.Length,
            Accuracy = Intervals.Mean(right),
            Accuracies = [.. strategy.Runs.Select(run => run.Shifted![index].Accuracy)],
            Change = test.IsCopy ? Intervals.Difference([.. strategy.Runs.Select(run => TaskScores.Right(run.Predicted, labels))], right) : null,
        };
    }
}
