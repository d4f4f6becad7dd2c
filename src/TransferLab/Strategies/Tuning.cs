using System.Globalization;

namespace TransferLab.Strategies;

public sealed partial record TransferStrategy
{
    private static readonly double[] s_epochs = [0.5, 1, 2];

    /// <summary>
    /// Draws from the space that suits gradient steps: the layers' rates within a factor of 5 of their own, the head's from 3e-4 to 1e-2 and the weight
    /// decay from 1e-3 to 0.1, all on a logarithmic scale, and half, all or twice the epochs.
    /// </summary>
    internal override Strategy? Vary(Random random)
    {
        double rate = Draw(random, 0.2, 5), head = Draw(random, 3e-4, 1e-2), decay = Draw(random, 1e-3, 0.1), epochs = s_epochs[random.Next(s_epochs.Length)];
        return Phases.All(phase => !phase.TakesSteps) ? null : this with
        {
            Phases = [.. Phases.Select(phase => !phase.TakesSteps || !phase.Objective.NeedsTargets ? phase : phase with
            {
                RateScale = phase.RateScale * rate,
                HeadLearningRate = head,
                WeightDecay = decay,
                EpochShare = Math.Clamp(phase.EpochShare * epochs, Phase.LeastEpochShare, Phase.MostEpochShare),
                Epochs = phase.Epochs is { } given ? Math.Clamp((int)Math.Round(given * epochs), 1, Phase.MostEpochs) : null,
            })],
        };
    }

    /// <inheritdoc/>
    internal override string Difference(Strategy variation)
    {
        (Phase own, Phase other) = Phases.Zip(((TransferStrategy)variation).Phases).First(pair => pair.First != pair.Second);
        return string.Create(CultureInfo.InvariantCulture,
            $"layers' rates x {other.RateScale / own.RateScale:0.00}, head {other.HeadLearningRate:G2}, weight decay {other.WeightDecay:G2}, epochs x "
                + $"{other.EpochShare / own.EpochShare:0.#}");
    }

    private static double Draw(Random random, double least, double most) => least * Math.Pow(most / least, random.NextDouble());
}
