using TransferLab.Strategies;

namespace TransferLab.Tests.Strategies;

public sealed class TuningTests
{
    private const int Trials = 50;

    [Fact]
    public void Trials_have_half_all_or_twice_the_epochs_that_a_phase_names_and_say_so()
    {
        TransferStrategy strategy = TransferStrategy.FrozenMlp();
        TransferStrategy[] trials = [.. Vary(strategy)];

        Assert.Equal([30, 60, 120], trials.Select(trial => trial.Phases[0].Epochs!.Value).Distinct().Order());
        Assert.All(trials, trial => Assert.EndsWith(FormattableString.Invariant($"epochs x {trial.Phases[0].Epochs!.Value / 60.0:0.#}"),
            strategy.Difference(trial), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(8)]
    [InlineData(10)]
    public void A_share_of_the_epochs_stays_within_what_a_phase_takes(double share)
    {
        TransferStrategy strategy = TransferStrategy.Full() with { Phases = [TransferStrategy.Full().Phases[0] with { EpochShare = share, Epochs = 100_000 }] };
        Assert.All(Vary(strategy), trial => Assert.InRange(trial.Phases[0].EpochShare, 0.01, 10));
    }

    private static IEnumerable<TransferStrategy> Vary(TransferStrategy strategy) =>
        Enumerable.Range(0, Trials).Select(seed => (TransferStrategy)strategy.Vary(new(seed))!);
}
