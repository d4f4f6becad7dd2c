using TransferLab.Data;

namespace TransferLab.Training;

/// <summary>
/// How long to train and what to hold out, by the number of training examples alone, so that every strategy that takes gradient steps gets
/// the same.
/// </summary>
internal sealed record EpochPlan
{
    /// <summary>From here on a held-out part is large enough to decide when to stop (150 examples: a standard error of 4 points at worst).</summary>
    private const int EnoughToStopBy = 1000;

    /// <summary>From here on a part is held out to show how training goes, though the schedule is fixed.</summary>
    private const int EnoughToWatch = 300;
    private const int Many = 4000;
    private const double HeldOutShare = 0.15;

    /// <summary>A part held out to be shown alone may be larger than its share by this factor: with many small classes one example of each is far
    /// more.</summary>
    private const double MostOverShare = 1.5;
    private const int MostHeldOut = 600;

    /// <summary>Passes over the training examples.</summary>
    public required int Epochs { get; init; }

    /// <summary>Examples a step.</summary>
    public required int BatchSize { get; init; }

    /// <summary>What gradient steps see.</summary>
    public required IReadOnlyList<Example> Train { get; init; }

    /// <summary>What validation sees; empty where there is too little to hold anything back.</summary>
    public required IReadOnlyList<Example> HeldOut { get; init; }

    /// <summary>Whether validation decides: training stops early, and the best weights come back.</summary>
    public required bool StopsEarly { get; init; }

    /// <summary>In words, for reports.</summary>
    public string Description => (HeldOut.Count, StopsEarly) switch
    {
        (0, _) => "none: too few examples to hold any back, fixed schedule",
        (var count, false) => $"{count} examples held out, shown only: too few to stop by, fixed schedule",
        (var count, true) => $"{count} examples held out, best weights restored",
    };

    /// <summary>The same with a share of the epochs, at least one.</summary>
    public EpochPlan Times(double share) => this with { Epochs = Math.Max(1, (int)Math.Round(Epochs * share)) };

    /// <summary>The same with so many steps, where nothing is held out; epochs are whole.</summary>
    public EpochPlan Of(int steps) => this with { Epochs = (int)Math.Ceiling(steps / Math.Max(1, Math.Round((double)Train.Count / BatchSize))) };

    /// <summary>Whether so few examples are trained on that none is held out to show how it goes.</summary>
    public static bool IsFew(int examples) => examples < EnoughToWatch;

    /// <summary>Passes over so many examples, where a strategy names no number.</summary>
    public static int EpochsFor(int examples) => Math.Clamp((int)Math.Round(12 * Math.Sqrt(300.0 / examples)), examples < Many ? 6 : 4, 25);

    /// <summary>
    /// Chooses. Steps grow with the square root of the examples: 12 epochs at 300, 15 at 200, 7 at 1,000, at least 6 (4 from 4,000 on) and at most 25.
    /// </summary>
    public static EpochPlan For(IReadOnlyList<Example> examples, int? epochs, int seed)
    {
        bool watch = !IsFew(examples.Count);
        double share = Math.Min(HeldOutShare, (double)MostHeldOut / examples.Count);
        (IReadOnlyList<Example> train, IReadOnlyList<Example> heldOut) = watch ? Split.StratifiedSplit(examples, share, seed) : (examples, []);
        if (examples.Count < EnoughToStopBy && heldOut.Count > MostOverShare * share * examples.Count)
        {
            (train, heldOut) = (examples, []);
        }

        return new()
        {
            Epochs = epochs ?? EpochsFor(examples.Count),
            BatchSize = Math.Min(examples.Count < 250 ? 16 : 32, train.Count),
            Train = train,
            HeldOut = heldOut,
            StopsEarly = examples.Count >= EnoughToStopBy && heldOut.Count > 0, // Of classes of one example each, none can be held out.
        };
    }
}
