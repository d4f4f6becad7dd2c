using System.Globalization;
using TransferLab.Learners;
using TransferLab.Networks;
using TransferLab.Strategies;

namespace TransferLab.Comparison;

/// <summary>What is compared, and how.</summary>
public sealed record ComparisonOptions
{
    private const double MostSeconds = 10_000_000;
    private const int LongestName = 200;

    /// <summary>The strategies, in the order of the table.</summary>
    public IReadOnlyList<Strategy> Strategies { get; init; } = [TransferStrategy.Frozen(), TransferStrategy.Full(), TransferStrategy.Scratch(),
        ClassicalStrategy.Default()];

    /// <summary>What each trained model is given beside the test examples: a row each. Nothing, where not given.</summary>
    public IReadOnlyList<TestContext> Contexts { get; init; } = [TestContext.None];

    /// <summary>How many seeds, 1 to this number; each draws its own training subset, weights and order.</summary>
    public int Seeds { get; init; } = 1;

    /// <summary>Training examples a class; all of them where null.</summary>
    public int? TrainPerClass { get; init; }

    /// <summary>
    /// Whether a fifth of each run's training examples is held out to fit a temperature (<see cref="CalibratedResult"/>). Every strategy then trains on the
    /// rest.
    /// </summary>
    public bool Calibrate { get; init; }

    /// <summary>Tests that differ from the training data, on which every model is tested too.</summary>
    public IReadOnlyList<Data.ShiftedTest> ShiftedTests { get; init; } = [];

    /// <summary>Data of another task, on which it is measured what of the pretrained features is left; null for no such measurement.</summary>
    public Data.LabeledData? RetentionData { get; init; }

    /// <summary>Whether the report shows what changed in each layer, the features before and after, and where networks looked (first seed, some seconds a
    /// strategy).</summary>
    public bool Inspects { get; init; } = true;

    /// <summary>Whether the first seed's models are written to <see cref="OutputFolder"/>.</summary>
    public bool SavesModels { get; init; } = true;

    /// <summary>
    /// Which learner there is for which kind of strategy; <see cref="LearnerRegistry.Known"/> where null. Finished runs do not tell of a change in a learner
    /// itself: <see cref="Restart"/> then.
    /// </summary>
    public LearnerRegistry? Learners { get; init; }

    /// <summary>Frozen features that comparisons share; the caller disposes it. Null for the comparison's own, which it disposes.</summary>
    public Training.FeatureCache? Cache { get; init; }

    /// <summary>How training inputs are varied, in strategies that vary them.</summary>
    public Augmentation Augmentation { get; init; } = Augmentation.Standard;

    /// <summary>What is done about classes of different sizes in training.</summary>
    public Balance Balance { get; init; }

    /// <summary>Trials of tuning that every strategy gets before each run, the defaults being the first; 0 or 1 for none.</summary>
    public int Tune { get; init; }

    /// <summary>Where the learning rates of the layers come from; tuning varies them too, and does without a search.</summary>
    public RateChoice Rates { get; init; }

    /// <summary>Seconds after which every strategy's gradient steps end, with rates that fall to zero by then; null where epochs decide.</summary>
    public double? Budget { get; init; }

    /// <summary>Whether runs and checkpoints in the output folder are ignored, and everything is done anew.</summary>
    public bool Restart { get; init; }

    /// <summary>Least time between two checkpoints of an unfinished run, where there is an output folder.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The folder that receives predictions and models as they are made, and results.json after every seed; null for none.</summary>
    public string? OutputFolder { get; init; }

    /// <summary>The command that repeats the comparison, for the report.</summary>
    public string Command { get; init; } = "";

    /// <summary>Refuses what cannot be compared.</summary>
    /// <exception cref="ArgumentException">The message says what was given and what is allowed.</exception>
    public void Validate()
    {
        if (Strategies.Count == 0)
        {
            throw new ArgumentException("A comparison needs at least one strategy.");
        }

        CheckNames(Strategies.Select(strategy => strategy?.Name), "strategy");
        CheckNames(Contexts.Where(context => context != TestContext.None).Select(context => context?.Name), "context");
        if (Contexts.Count == 0 || Contexts.Distinct().Count() < Contexts.Count)
        {
            throw new ArgumentException(
                "Models are tested in one context or more, each once; leave them out, or give TestContext.None for the examples as they are.");
        }

        if (Seeds is < 1 or > 1000)
        {
            throw new ArgumentException($"The number of seeds is 1 to 1000, not {Seeds}.");
        }

        if (Tune is < 0 or > 1000)
        {
            throw new ArgumentException($"The number of tuning trials is 0 to 1000, not {Tune}.");
        }

        if (Rates == RateChoice.Searched && Tune > 1)
        {
            throw new ArgumentException("Tuning varies the rates itself: leave the search of rates out, or the tuning.");
        }

        if (Budget is not null and not (> 0 and <= MostSeconds))
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"The budget is more than 0 seconds and at most {MostSeconds:N0}, not {Budget}."));
        }

        if (TrainPerClass is < 1)
        {
            throw new ArgumentException($"The number of training examples per class is 1 or more, not {TrainPerClass}.");
        }
    }

    private static void CheckNames(IEnumerable<string?> names, string what)
    {
        string?[] all = [.. names];
        foreach (string? name in all)
        {
            if (string.IsNullOrWhiteSpace(name) || name.Length > LongestName || name.Any(char.IsControl))
            {
                throw new ArgumentException(
                    $"A {what} needs a name of 1 to {LongestName} characters on one line, which reports show and files are called by; given "
                        + $"{(name is null ? "none" : $"'{Shown(name)}'")}.");
            }
        }

        if (all.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"The {what} '{twice.Key}' is named twice; each is compared once.");
        }
    }

    private static string Shown(string name) => string.Concat(name.Take(60).Select(c => char.IsControl(c) ? ' ' : c));
}
