using System.Globalization;
using TransferLab.Comparison;
using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Runtime;
using TransferLab.Strategies;
using TransferLab.Tests.Training;
using TransferLab.Training;

namespace TransferLab.Tests.Comparison;

/// <summary>Rates of the layers by short trials.</summary>
[Collection(TorchCollection.Name)]
public sealed class RateSearchTests
{
    private static readonly LabeledData s_task = SmallText.Task();

    [Fact]
    public void The_strategys_own_rate_stays_unless_another_is_better_by_more_than_one_standard_error()
    {
        TrialScore own = Score(0.5, 0.6, 0.7, 0.8), little = Score(0.1, 0.9, 0.2, 1.1), clear = Score(0.4, 0.5, 0.6, 0.7), worse = Score(0.6, 0.7, 0.8, 0.9);
        Assert.Equal(0, RateSearch.Best([own, little, worse]));
        Assert.Equal(1, RateSearch.Best([own, clear, worse]));
        Assert.Equal(0, RateSearch.Best([own, worse, worse]));
        Assert.Equal(2, RateSearch.Best([new(0, double.MaxValue, 1), worse, own]));
    }

    [Theory]
    [InlineData("full", 4000)] // Four epochs: half of one is an epoch of fewer.
    [InlineData("full", 1000)]
    [InlineData("full", 320)]
    [InlineData("gradual", 1000)] // Three phases of an epoch each.
    [InlineData("lora", 2000)]
    public void From_300_examples_on_all_trials_pass_at_most_half_the_examples_that_the_run_passes(string name, int count)
    {
        TransferStrategy strategy = (TransferStrategy)StrategyCatalog.Find(name);
        Example[] examples = [.. Enumerable.Range(0, count).Select(i => new Example($"{i}", "", i % 4))];
        (TransferStrategy brief, IReadOnlyList<Example> some) = RateSearch.Shortened(strategy, count, examples[(count / 5)..], seed: 1);
        double whole =
            count * strategy.Phases.Where(phase => phase.TakesSteps).Sum(phase => Math.Max(1, Math.Round(phase.EpochShare * EpochPlan.EpochsFor(count))));
        double trial = some.Count * brief.Phases.Where(phase => phase.TakesSteps).Sum(phase => phase.Epochs!.Value);
        Assert.InRange(4 * trial, 0.25 * whole, 0.55 * whole);
        Assert.Equal(strategy.Phases.Count, brief.Phases.Count);
    }

    [Fact]
    public void A_run_says_what_was_found_and_what_it_cost_and_a_head_alone_has_nothing_to_look_for()
    {
        Learner learner = new(SmallText.Create(), SmallBackbone.Compute, new());
        TransferStrategy brief = TransferStrategy.Full() with { Phases = [TransferStrategy.Full().Phases[0] with { Epochs = 2 }] };
        List<int> kept = [];
        (Strategy best, double seconds, string? choice) = Search(learner, brief, [], scores => kept.Add(scores.Count));
        Assert.Equal([1, 2, 3, 4], kept);
        Assert.True(seconds > 0);
        Assert.Contains("x 0.1: ", choice, StringComparison.Ordinal);
        Assert.Contains($"on {s_task.Train.Count} held-out training examples", choice, StringComparison.Ordinal); // Few: each is held out in its turn.
        Assert.Equal(brief.Phases[0].Epochs, ((TransferStrategy)best).Phases[0].Epochs);

        TrialScore[] known = [Score(2, 2.1, 2, 2.2), Score(1, 1.1, 1, 1.2), Score(2, 2, 2, 2), new(0, double.MaxValue, 3)];
        (Strategy found, double took, string? said) = Search(learner, brief, known, _ => Assert.Fail("Nothing is left to try."));
        Assert.Equal((0.1, 6.0), (((TransferStrategy)found).Phases[0].RateScale, took));
        Assert.Contains("x 3: diverged", said, StringComparison.Ordinal);
        Assert.StartsWith("rates x 0.1: better (", said, StringComparison.Ordinal);
        Strategy third = Search(learner, brief, [Score(0.6, 0.9), Score(0.6, 0.9), Score(0.3, 1.15), Score(0.9, 0.9)], _ => { }).Best;
        Assert.Equal(1.0 / 3, ((TransferStrategy)third).Phases[0].RateScale, 6); // Of few the least loss decides.

        Assert.Null(Search(learner, TransferStrategy.Frozen(), [], _ => { }).Choice);
        Assert.Null(Search(learner, ClassicalStrategy.Default(), [], _ => { }).Choice);
    }

    [Fact]
    public void Where_no_trial_learned_more_than_how_frequent_the_classes_are_the_strategys_own_rate_stays()
    {
        Learner learner = new(SmallText.Create(), SmallBackbone.Compute, new());
        TrialScore[] known = [Score(2, 2.1), Score(1.2, 1.3), Score(2, 2), Score(3, 3)]; // Three classes: 1.1 by their shares alone.
        (Strategy best, _, string? choice) = Search(learner, TransferStrategy.Full(), known, _ => { });
        Assert.Equal(1, ((TransferStrategy)best).Phases[0].RateScale);
        Assert.StartsWith("its own rates stay: no trial learned", choice, StringComparison.Ordinal);

        Example[] kept = [new("a", "", 0), new("b", "", 0), new("c", "", 0), new("d", "", 1)];
        Assert.Equal(-Math.Log(0.75), RateSearch.LossOfShares(kept, kept[..1]), 6);
        Assert.Equal(-Math.Log(0.25), RateSearch.LossOfShares(kept, kept[3..]), 6);
        Assert.InRange(RateSearch.LossOfShares(kept, [new("e", "", 2)]), 10, 100); // Not infinite where a class was not kept.
    }

    [Fact]
    public void Under_a_budget_a_run_gets_what_the_trials_leave_of_it()
    {
        ComparisonOptions options = new() { Strategies = [TransferStrategy.Full()], Rates = RateChoice.Searched, Budget = 1.5, Inspects = false };
        RunResult run = new Comparer(s_task, SmallText.Create(), SmallBackbone.Compute, options).Run().Strategies[0].Runs[0];
        double left = double.Parse(run.Settings["budget"].Split(' ')[0], CultureInfo.InvariantCulture);
        Assert.InRange(left, 0.1, 1.3);
        Assert.Contains("x 0.1: ", run.Settings["tuning"], StringComparison.Ordinal);
        Assert.True(run.Time.Tuning > 0);
    }

    [Fact]
    public void A_search_with_tuning_is_refused()
    {
        ComparisonOptions options = new() { Strategies = [TransferStrategy.Full()], Rates = RateChoice.Searched };
        options.Validate();
        Assert.Contains("Tuning", Assert.Throws<ArgumentException>((options with { Tune = 2 }).Validate).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.6, 40, RateChoice.Fixed, true)]
    [InlineData(0.9, 40, RateChoice.Fixed, false)]     // It wins as it is.
    [InlineData(0.6, 400, RateChoice.Fixed, false)]
    [InlineData(0.6, 40, RateChoice.Searched, false)]
    public void Fine_tuning_that_loses_with_few_examples_is_told_what_a_search_would_cost(double accuracy, int examples, RateChoice rates, bool isTold)
    {
        IReadOnlyList<string> told = UntriedRates.Warnings([Row("frozen", SpectrumEnd.Frozen, 0.8), Row("full", SpectrumEnd.FineTuned, accuracy)],
            new() { Strategies = [TransferStrategy.Full()], Rates = rates }, examples);
        Assert.Equal(isTold ? 1 : 0, told.Count);
        Assert.All(told, line => Assert.Contains("(option Rates) takes about 80 s more", line, StringComparison.Ordinal));
    }

    private static StrategyResult Row(string name, SpectrumEnd end, double accuracy) => new()
    {
        Name = name,
        End = end,
        Description = "",
        Accuracy = new(accuracy, accuracy, accuracy),
        MacroF1 = 0,
        LogLoss = 0,
        TrainSeconds = 10,
        LatencyMilliseconds = 0,
        PeakMemoryBytes = 0,
        TrainableParameters = 0,
        TotalParameters = 0,
        Runs = [],
    };

    private static (Strategy Best, double Seconds, string? Choice) Search(Learner learner, Strategy strategy, IReadOnlyList<TrialScore> known,
        Action<IReadOnlyList<TrialScore>> keep) =>
        new RateSearch(learner, s_task.Classes).Choose(strategy, s_task.Train, seed: 1, known, keep, new ImmediateProgress<TrainingProgress>(_ => { }),
            CancellationToken.None);

    private static TrialScore Score(params double[] losses) => new(0.5, losses.Average(), 1) { Losses = losses };
}
