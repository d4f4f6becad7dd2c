using TransferLab.Comparison;
using TransferLab.Models;

namespace TransferLab.Tests.Comparison;

public sealed class MetricsTests
{
    [Fact]
    public void Figures_are_those_of_a_hand_computed_example()
    {
        // Labels 0 0 1 1, predicted 0 1 1 1.
        Predictions predictions = new([[0.9f, 0.1f], [0.4f, 0.6f], [0.2f, 0.8f], [0.3f, 0.7f]]);

        Metrics metrics = Metrics.Of(predictions, [0, 0, 1, 1], classes: 2);

        Assert.Equal(0.75, metrics.Accuracy, 12);
        Assert.Equal(((2.0 / 3) + 0.8) / 2, metrics.MacroF1, 12);
        Assert.Equal(-(Math.Log(0.9) + Math.Log(0.4) + Math.Log(0.8) + Math.Log(0.7)) / 4, metrics.LogLoss, 6);
    }

    [Fact]
    public void A_class_never_predicted_counts_as_zero_and_an_absent_one_not_at_all()
    {
        Predictions predictions = new([[1, 0, 0], [1, 0, 0]]);

        Assert.Equal((2.0 / 3) / 2, Metrics.Of(predictions, [0, 1], classes: 3).MacroF1, 12);
    }

    [Fact]
    public void A_certain_mistake_costs_much_but_not_infinity()
    {
        Assert.Equal(-Math.Log(1e-7), Metrics.Of(new([[1, 0]]), [1], classes: 2).LogLoss, 6);
    }
}
