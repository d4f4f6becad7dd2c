using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Runtime;
using TransferLab.Strategies;
using TransferLab.Tests.Reporting;
using TransferLab.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace TransferLab.Tests.Training;

/// <summary>Contrast with labels, and the strategy that solves for a head after it.</summary>
[Collection(TorchCollection.Name)]
public sealed class SupervisedContrastTests : IDisposable
{
    private static readonly LabeledData s_task = SmallText.Task();
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_cosine_loss_weighs_pairs_of_one_class_and_of_two_alike()
    {
        using DisposeScope scope = NewDisposeScope();
        // Cosines: .6 within the class, 0 and .8 between the two.
        Tensor features = tensor([2f, 0, 0.6f, 0.8f, 0, 3], [3, 2]), labels = tensor([0L, 0, 1]);
        ObjectiveLoss loss = new SupervisedContrast().Loss(features, labels);
        Assert.Equal((0.16 + ((0 + 0.64) / 2)) / 2, loss.Mean.item<float>(), 1e-5);
        Assert.Equal((1, 3), ((int)loss.Score.item<long>(), (int)loss.Count)); // Only the first has its nearest in its class.
    }

    [Fact]
    public void The_cross_entropy_is_as_published()
    {
        using DisposeScope scope = NewDisposeScope();
        double[,] x = { { 1, 0 }, { 0.6, 0.8 }, { 0, 1 }, { -1, 0 } };
        int[] labels = [0, 0, 0, 1];
        double sum = 0, anchors = 0;
        for (int i = 0; i < 4; i++)
        {
            double Logit(int j) => ((x[i, 0] * x[j, 0]) + (x[i, 1] * x[j, 1])) / 0.1;
            int[] others = [.. Enumerable.Range(0, 4).Where(j => j != i)], positives = [.. others.Where(j => labels[j] == labels[i])];
            double all = Math.Log(others.Sum(j => Math.Exp(Logit(j))));
            sum += positives.Length == 0 ? 0 : -positives.Average(j => Logit(j) - all);
            anchors += positives.Length == 0 ? 0 : 1;
        }

        Tensor features = tensor(x.Cast<double>().Select(value => (float)value).ToArray(), [4, 2]);
        ObjectiveLoss loss = new SupervisedContrast { Pairs = PairLoss.CrossEntropy }.Loss(features, tensor([.. labels.Select(label => (long)label)]));
        Assert.Equal(sum / anchors, loss.Mean.item<float>(), 1e-4);
    }

    [Theory]
    [InlineData(PairLoss.Cosine)]
    [InlineData(PairLoss.CrossEntropy)]
    public void Without_a_pair_the_loss_and_its_gradient_are_zero(PairLoss pairs)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor one = ones([1, 2]).requires_grad_();
        Tensor loss = new SupervisedContrast { Pairs = pairs }.Loss(one, zeros([1], ScalarType.Int64)).Mean;
        loss.backward();
        Assert.Equal((0, 0), (loss.item<float>(), one.grad!.abs().sum().item<float>()));
    }

    [Theory]
    [InlineData(32, 6, 5)]  // Few classes: all of them, with more examples each.
    [InlineData(32, 40, 4)] // Many: eight at a time.
    [InlineData(4, 3, 4)]
    public void A_batch_holds_some_examples_each_of_some_classes_and_every_class_comes_equally_often(int size, int classes, int each)
    {
        Example[] examples = [.. Enumerable.Range(0, classes).SelectMany(label => Enumerable.Range(0, 8).Select(i => new Example($"{label}/{i}", "", label)))];
        IReadOnlyList<IReadOnlyList<Example>> batches = Objective.CosineContrast.Compose(examples, size, 200, new(1))!;
        Assert.Equal(200, batches.Count);
        Assert.All(batches, batch =>
        {
            Assert.InRange(batch.Count, 2, size);
            Assert.Equal(batch.Count, batch.Distinct().Count());
            Assert.All(batch.GroupBy(example => example.Label), group => Assert.Equal(each, group.Count()));
        });
        int[] drawn = [.. batches.SelectMany(batch => batch).GroupBy(example => example.Label).Select(group => group.Count())];
        Assert.Equal(classes, drawn.Length);
        Assert.InRange(drawn.Min(), 0.6 * drawn.Max(), drawn.Max());
    }

    [Fact]
    public void A_class_of_one_example_gives_it_and_the_others_their_pairs()
    {
        Example[] examples = [new("a", "", 0), .. Enumerable.Range(0, 5).Select(i => new Example($"b{i}", "", 1))];
        Assert.All(Objective.SupervisedContrast.Compose(examples, 8, 3, new(1))!, batch =>
            Assert.Equal((1, 4), (batch.Count(e => e.Label == 0), batch.Count(e => e.Label == 1))));
    }

    [Fact]
    public void It_learns_and_is_saved_and_read_like_any_other()
    {
        TransferStrategy strategy = TransferStrategy.SetFit() with
        {
            Phases = [TransferStrategy.SetFit().Phases[0] with { LearningRate = 3e-3 }, TransferStrategy.SetFit().Phases[1]],
        };
        using FitResult fitted = new Learner(SmallText.Create(), SmallBackbone.Compute, new()).Fit(strategy, s_task.Train, s_task.Classes, seed: 1);
        Assert.True(fitted.Curve[^1].TrainLoss < 0.5 * fitted.Curve[0].TrainLoss, $"{fitted.Curve[0].TrainLoss} to {fitted.Curve[^1].TrainLoss}");
        Assert.Contains("fixed", fitted.Settings["weight decay"], StringComparison.Ordinal);
        Assert.Equal(s_task.Train.Select(example => example.Label), fitted.Model.Predict(s_task.Train).Labels);

        string path = Path.Combine(_folder.Path, "model" + fitted.Model.FileExtension);
        fitted.Model.Save(path);
        using TrainedModel loaded = ModelFile.Load(path, SmallBackbone.Compute);
        Assert.Equal(fitted.Model.Predict(s_task.Test).Labels, loaded.Predict(s_task.Test).Labels);
    }

    [Fact]
    public void Of_few_examples_the_steps_are_fixed_and_of_more_a_head_on_held_out_ones_says_when_to_stop()
    {
        using TrainingOutcome few = Fit(Phases(steps: 7), s_task.Train);
        Assert.Equal(7, few.Curve.Count); // One batch an epoch.
        Assert.All(few.Curve, point => Assert.Null(point.ValidationLoss));

        Example[] many = [.. Enumerable.Range(0, 26).SelectMany(i => s_task.Train.Select(example => example with { Name = $"{example.Name}/{i}" }))]; // 312
        using TrainingOutcome judged = Fit(Phases(steps: 7) with { Phases = [Phases(7).Phases[0] with { Epochs = 2 }] }, many);
        Assert.All(judged.Curve, point => Assert.NotNull(point.ValidationLoss));
        Assert.Contains("best weights restored", judged.Settings["validation"], StringComparison.Ordinal);
        Assert.True(judged.Settings.ContainsKey("best epoch"));
    }

    [Fact]
    public void What_does_not_go_together_is_refused()
    {
        Phase phase = TransferStrategy.SetFit().Phases[0];
        foreach (Phase wrong in (Phase[])[phase with { Trains = LayerSelector.Head }, phase with { Accumulation = 2 }, phase with { BatchTokens = 64 },
            phase with { Solver = Solver.Lbfgs, Augment = false }])
        {
            Assert.Contains("cosine-contrast", Assert.Throws<ArgumentException>(() => TransferStrategy.SetFit() with { Phases = [wrong] }).Message,
                StringComparison.Ordinal);
        }

        Assert.Contains("conversations have none", Assert.Throws<ArgumentException>(() => new LanguageTuning().Apply(TransferStrategy.SetFit())).Message,
            StringComparison.Ordinal);
    }

    private static TransferStrategy Phases(int steps) => TransferStrategy.SetFit() with
    {
        Phases = [TransferStrategy.SetFit().Phases[0] with { Steps = steps }],
    };

    private static TrainingOutcome Fit(TransferStrategy strategy, IReadOnlyList<Example> train) =>
        new Trainer(SmallText.Create(), SmallBackbone.Compute, new()).Fit(strategy, train, 3, seed: 1);
}
