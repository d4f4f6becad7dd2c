using TransferLab.Comparison;
using TransferLab.Models;

namespace TransferLab.Tests.Comparison;

/// <summary>Whether probabilities are kept to.</summary>
public sealed class CalibrationTests
{
    [Fact]
    public void The_error_is_the_mean_gap_over_bins_of_equally_many()
    {
        // 150 at 0.6 of which 90 are right (no gap), 150 at 0.9 of which 105 are right (a gap of 0.2).
        float[] scores = [.. Enumerable.Repeat(0.6f, 150), .. Enumerable.Repeat(0.9f, 150)];
        bool[] right = [.. Enumerable.Range(0, 150).Select(i => i % 5 < 3), .. Enumerable.Range(0, 150).Select(i => i % 10 < 7)];

        Calibration calibration = CalibrationMeasure.Of(scores, right);

        Assert.Equal(15, calibration.Bins.Count);
        Assert.All(calibration.Bins, bin => Assert.Equal(20, bin.Count));
        Assert.Equal(0.1, calibration.Error, 1e-6);
        Assert.Equal(0.1, calibration.Overconfidence, 1e-6);
    }

    [Fact]
    public void What_chance_does_to_a_calibrated_model_is_told_apart()
    {
        Random random = new(3);
        float[] scores = [.. Enumerable.Range(0, 3000).Select(_ => 0.5f + (0.5f * random.NextSingle()))];
        bool[] honest = Array.ConvertAll(scores, p => random.NextDouble() < p), boastful = Array.ConvertAll(scores, p => random.NextDouble() < p - 0.15);

        Calibration good = CalibrationMeasure.Of(scores, honest), bad = CalibrationMeasure.Of(scores, boastful);

        Assert.InRange(good.Error / good.ErrorByChance, 0.5, 1.6);
        Assert.True(bad.Error > 5 * bad.ErrorByChance);
        Assert.Equal(0.15, bad.Overconfidence, 0.03);
    }

    [Fact]
    public void Seeds_over_the_same_test_are_no_further_examples()
    {
        Random random = new(4);
        float[] scores = [.. Enumerable.Range(0, 200).Select(_ => 0.5f + (0.5f * random.NextSingle()))];
        bool[] right = Array.ConvertAll(scores, p => random.NextDouble() < p);
        float[] four = [.. scores, .. scores, .. scores, .. scores];
        bool[] fourRight = [.. right, .. right, .. right, .. right];

        double one = CalibrationMeasure.Of(scores, right).ErrorByChance;
        Assert.Equal(one, CalibrationMeasure.Of(four, fourRight, tests: 200).ErrorByChance, 0.1 * one);
        Assert.InRange(CalibrationMeasure.Of(four, fourRight).ErrorByChance, 0.3 * one, 0.7 * one);
    }

    [Fact]
    public void Examples_that_are_all_right_say_nothing_of_the_temperature() =>
        Assert.Equal(1, TemperatureScaling.Fit(new([[0.8f, 0.2f], [0.3f, 0.7f], [0.6f, 0.4f]]), [0, 1, 0]));

    [Fact]
    public void Fewer_examples_than_bins_still_have_an_error() => Assert.Equal(0.5, CalibrationMeasure.Of([0.5f, 0.5f], [true, true]).Error, 1e-6);

    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(3)]
    public void The_temperature_that_spoiled_probabilities_is_found(double temperature)
    {
        Random random = new(5);
        List<float[]> honest = [], spoiled = [];
        List<int> labels = [];
        for (int i = 0; i < 4000; i++)
        {
            double[] logits = [.. Enumerable.Range(0, 4).Select(_ => 4 * random.NextDouble())];
            float[] p = Softmax(logits, 1);
            double at = random.NextDouble();
            labels.Add(at < p[0] ? 0 : at < p[0] + p[1] ? 1 : at < p[0] + p[1] + p[2] ? 2 : 3);
            honest.Add(p);
            spoiled.Add(Softmax(logits, 1 / temperature)); // Logits times the temperature: dividing by it mends them.
        }

        Predictions predictions = new(spoiled);
        double found = TemperatureScaling.Fit(predictions, labels);
        Predictions mended = TemperatureScaling.Apply(predictions, found);

        Assert.InRange(found / temperature, 0.9, 1.1);
        Assert.Equal(predictions.Labels, mended.Labels);
        Assert.Equal(honest[0][0], mended.Probabilities[0][0], 0.05f);
    }

    [Fact]
    public void Classes_that_are_missed_show()
    {
        RunResult Run(int[] predicted) => new()
        {
            Seed = 1,
            Accuracy = 0,
            MacroF1 = 0,
            LogLoss = 0,
            Time = new() { Reading = 0, Features = 0, Training = 1 },
            Epochs = 1,
            PeakMemoryBytes = 0,
            LatencyMilliseconds = 0,
            Curve = [],
            Predicted = predicted,
            Score = [1, 1, 1],
        };
        IReadOnlyList<ClassFigures> classes = ClassFigures.Of([Run([0, 0, 1]), Run([0, 1, 1])], [0, 0, 1], classes: 3);

        Assert.Equal([new(0.75, 1, 2), new(1, 2.0 / 3, 1), new(null, null, 0)], classes);
    }

    private static float[] Softmax(double[] logits, double temperature)
    {
        double[] powers = Array.ConvertAll(logits, x => Math.Exp(x / temperature));
        return Array.ConvertAll(powers, x => (float)(x / powers.Sum()));
    }
}
