using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Strategies;
using TransferLab.Training;

namespace TransferLab.Tests.Training;

/// <summary>Two trainings at once in one process give what each gives alone: nothing that is random is shared, dropout included.</summary>
[Collection(TorchCollection.Name)]
public sealed class ConcurrentFitsTests
{
    private static readonly Backbone s_backbone = SmallText.Create(); // With BERT's dropout of 0.1.
    private static readonly LabeledData s_task = SmallText.Task();

    [Fact]
    public async Task Two_fits_at_once_give_what_each_gives_alone()
    {
        double[][] alone = [Losses(1), Losses(2)];
        Assert.NotEqual(alone[0], alone[1]);
        for (int round = 0; round < 2; round++)
        {
            using Barrier start = new(2);
            double[][] atOnce = await Task.WhenAll(new[] { 1, 2 }.Select(seed => Task.Run(() => Losses(seed, start))));
            foreach ((double[] expected, double[] found) in alone.Zip(atOnce))
            {
                Assert.Equal(expected.Length, found.Length);
                // Sums on a busy machine may go in another order.
                Assert.All(expected.Zip(found), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 1e-6));
            }
        }
    }

    /// <summary>The losses of the epochs; dropout of another run would move each of them by hundredths.</summary>
    private static double[] Losses(int seed, Barrier? start = null)
    {
        TransferStrategy full = TransferStrategy.Full(), few = full with { Phases = [full.Phases[0] with { Epochs = 6 }] };
        start?.SignalAndWait();
        using FeatureCache cache = new();
        using TrainingOutcome outcome = new Trainer(s_backbone, SmallBackbone.Compute, cache).Fit(few, s_task.Train, 3, seed);
        return [.. outcome.Curve.Select(point => point.TrainLoss).OfType<double>()];
    }
}
