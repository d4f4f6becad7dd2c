using TransferLab.Comparison;
using TransferLab.Data;
using TransferLab.Lessons;
using TransferLab.Tests.Reporting;
using TransferLab.Training;

namespace TransferLab.Tests.Lessons;

/// <summary>Right answers are right, and those that students give are caught. The lessons themselves run every solution and every known mistake, too.</summary>
public sealed class ExerciseTests
{
    private static readonly ComparisonResults s_results = SampleResults.Images();

    private static StrategyResult Frozen => s_results.Strategies.First(s => s.Name == "frozen");

    private static StrategyResult Full => s_results.Strategies.First(s => s.Name == "full");

    [Fact]
    public void Points_are_hundredths_and_have_a_sign()
    {
        Exercise<double> exercise = Lesson1.PointsGained(s_results);
        double share = Full.Accuracy.Value - Frozen.Accuracy.Value;
        Assert.Null(exercise.Fault(100 * share));
        Assert.Contains("hundredth", exercise.Fault(share), StringComparison.Ordinal);
        Assert.Contains("sign", exercise.Fault(-100 * share), StringComparison.Ordinal);
        Assert.NotNull(exercise.Fault(100 * Full.Accuracy.Value));
    }

    [Theory]
    [InlineData(0.01, 0.05, "full")]
    [InlineData(-0.05, -0.01, "frozen")]
    [InlineData(-0.01, 0.05, "nobody")]
    public void A_winner_is_named_only_where_the_interval_has_one_side(double low, double high, string winner)
    {
        Exercise<string> exercise =
            Lesson1.Winner(new() { First = "frozen", Second = "full", Difference = new((low + high) / 2, low, high), TimeRatio = 2, Sentence = "" });
        foreach (string answer in (string[])["full", "frozen", "nobody", "scratch"])
        {
            Assert.Equal(answer == winner, exercise.Fault(answer) is null);
        }
    }

    [Fact]
    public void Rescued_examples_are_right_now_and_were_wrong_before()
    {
        bool[] was = [.. s_results.Test.Select((e, i) => Frozen.Runs[0].Predicted[i] == e.Label)],
            now = [.. s_results.Test.Select((e, i) => Full.Runs[0].Predicted[i] == e.Label)];
        int rescued = was.Zip(now).Count(pair => !pair.First && pair.Second);
        Exercise<int> exercise = Lesson1.Rescued(s_results);
        Assert.Null(exercise.Fault(rescued));
        Assert.NotNull(exercise.Fault(now.Count(right => right)));
        Assert.NotNull(exercise.Fault(rescued - 1));
    }

    [Fact]
    public void A_cosine_looks_at_the_direction_alone()
    {
        Exercise<Func<float[], float[], double>> exercise = Lesson2.CosineOf();
        Assert.Null(exercise.Fault(Lesson2.Cosine));
        Assert.NotNull(exercise.Fault((a, b) => a.Zip(b, (x, y) => (double)x * y).Sum()));
        Assert.NotNull(exercise.Fault((a, b) => Math.Sqrt(a.Zip(b, (x, y) => (double)(x - y) * (x - y)).Sum())));
    }

    [Fact]
    public void The_nearest_label_is_a_label_and_no_index()
    {
        LabeledFeatures train = new([[1, 0], [0, 1], [1, 1]], [1, 0, 1]), test = new([[2, 0.1f], [0.1f, 3], [2, 2.1f]], [1, 0, 1]);
        Exercise<Func<float[], int>> exercise = Lesson2.Nearest(train, test);
        Assert.Null(exercise.Fault(row => Lesson2.NearestLabel(train, row)));
        Assert.Contains("index", exercise.Fault(row => Enumerable.Range(0, 3).MaxBy(i => Lesson2.Cosine(row, train.Rows[i]))), StringComparison.Ordinal);
        Assert.NotNull(exercise.Fault(row => train.Labels[Enumerable.Range(0, 3).MinBy(i => Lesson2.Cosine(row, train.Rows[i]))]));
    }

    [Fact]
    public void A_depth_is_no_index()
    {
        Exercise<int> exercise = Lesson2.BestDepth([1, 5, 10], [0.2, 0.6, 0.5]);
        Assert.Null(exercise.Fault(5));
        Assert.Contains("index", exercise.Fault(2), StringComparison.Ordinal);
        Assert.NotNull(exercise.Fault(10));
    }

    [Fact]
    public void Stopping_is_not_the_best_epoch_but_patience_later()
    {
        Exercise<Func<IReadOnlyList<double>, int, int>> exercise = Lesson3.StopAfter();
        Assert.Null(exercise.Fault(Lesson3.StopsAfter));
        Assert.NotNull(exercise.Fault((accuracies, _) => accuracies.ToList().IndexOf(accuracies.Max()) + 1));
        Assert.NotNull(exercise.Fault((accuracies, _) => accuracies.Count));
    }

    [Fact]
    public void Overlap_is_a_share_of_all_words()
    {
        Exercise<Func<string, string, double>> exercise = Lesson4.OverlapOf();
        Assert.Null(exercise.Fault(Lesson4.Overlap));
        Assert.Contains("Integers", exercise.Fault((a, b) => Lesson4.Words(a).Intersect(Lesson4.Words(b)).Count() / Lesson4.Words(a).Union(Lesson4.Words(b))
            .Count()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_choice_is_unbeaten_first_and_fast_second()
    {
        Exercise<string> exercise = Lesson4.Choice(s_results);
        StrategyResult[] unbeaten = [.. s_results.Strategies.Where(s => !Lesson3.IsBeaten(s, s_results))];
        Assert.Null(exercise.Fault(unbeaten.MinBy(s => s.TrainSeconds)!.Name));
        Assert.All(s_results.Strategies.Where(s => Lesson3.IsBeaten(s, s_results)), s =>
            Assert.Contains("more than luck", exercise.Fault(s.Name), StringComparison.Ordinal));
        Assert.NotNull(exercise.Fault("minilm"));
    }

    [Fact]
    public void Shots_of_a_plate_stay_together()
    {
        Example[] all =
            [.. from label in Enumerable.Range(0, 2) from plate in Enumerable.Range(0, 12) from shot in "abc" select new Example(
                $"c{label}/plate-{plate:D3}-{shot}.jpg", "", label)];
        Exercise<Func<Example, bool>> exercise = Lesson5.ByPlate(all);
        Assert.Null(exercise.Fault(e => Lesson5.PlateOf(e) % 4 == 0));
        Assert.Contains("both sides", exercise.Fault(e => e.Name.EndsWith("-c.jpg", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("100 %", exercise.Fault(_ => true), StringComparison.Ordinal);
    }

    [Fact]
    public void Copies_are_what_could_be_thrown_away()
    {
        LabeledData data = new()
        {
            Name = "d",
            Classes = ["a", "b"],
            Train = [new("1", "", 0, "x"), new("2", "", 0, "x"), new("3", "", 0, "x"), new("4", "", 1, "y")],
            Test = [],
        };
        Assert.Null(Lesson5.Copies(data).Fault(2));
        Assert.NotNull(Lesson5.Copies(data).Fault(3));
    }
}
