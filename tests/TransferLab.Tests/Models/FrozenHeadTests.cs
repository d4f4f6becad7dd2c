using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Strategies;
using TransferLab.Tests.Reporting;
using TransferLab.Tests.Training;
using TransferLab.Training;

namespace TransferLab.Tests.Models;

/// <summary>Other heads on the frozen backbone: a hidden layer, and trainers of ML.NET's.</summary>
[Collection(TorchCollection.Name)]
public sealed class FrozenHeadTests : IDisposable
{
    private static readonly LabeledData s_task = SmallText.Task();
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("frozen-mlp")]
    [InlineData("frozen-mlnet")]
    [InlineData("frozen-lightgbm")]
    public void A_loaded_model_predicts_as_the_saved_one_and_the_same_seed_gives_the_same(string name)
    {
        using FitResult fitted = Fit(name), again = Fit(name);
        string path = Path.Combine(_folder.Path, name + fitted.Model.FileExtension);
        fitted.Model.Save(path);
        using TrainedModel loaded = ModelFile.Load(path, SmallBackbone.Compute);

        IReadOnlyList<float[]> predicted = fitted.Model.Predict(s_task.Test).Probabilities;
        // Features in other batches round otherwise.
        Assert.Equal(predicted.SelectMany(row => row), loaded.Predict(s_task.Test).Probabilities.SelectMany(row => row), (one, other) =>
            Math.Abs(one - other) < 1e-6);
        Assert.Equal(predicted, again.Model.Predict(s_task.Test).Probabilities);
        Assert.All(predicted, row => Assert.Equal(1, row.Sum(), 1e-5));
        Assert.True(fitted.Settings.ContainsKey("trains"));
    }

    [Theory]
    [InlineData("frozen-mlp")]
    [InlineData("frozen-mlnet")]
    public void They_learn_their_training_examples(string name)
    {
        using FitResult fitted = Fit(name);
        double right = fitted.Model.Predict(s_task.Train).Labels.Zip(s_task.Train, (label, example) => label == example.Label ? 1.0 : 0).Average();
        Assert.InRange(right, 0.7, 1);
    }

    [Fact]
    public void The_hidden_layer_counts_as_head_and_is_refused_where_a_linear_one_is_solved_for()
    {
        using FitResult fitted = Fit("frozen-mlp");
        Assert.Equal((16 * 256) + 256 + (256 * 3) + 3, fitted.TrainableParameters);
        TransferStrategy impossible = TransferStrategy.Frozen() with { Head = new() { HiddenUnits = 8 } };
        Assert.Contains("linear head",
            Assert.Throws<ArgumentException>(() =>
                new Trainer(SmallText.Create(), SmallBackbone.Compute, new()).Fit(impossible, s_task.Train, 3, seed: 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_linear_model_of_ML_NET_counts_its_weights()
    {
        using FitResult linear = Fit("frozen-mlnet");
        Assert.Equal((16 * 3) + 3, linear.TrainableParameters);
    }

    [Fact]
    public void What_would_train_is_told_without_training()
    {
        IReadOnlyList<FreezePlan> plans = FreezePlan.Preview(SmallText.Create(), TransferStrategy.LpFt(), classes: 3);
        Assert.Equal((51, true), (plans[0].TrainableParameters, plans[1].TrainableParameters == plans[1].TotalParameters));
        Assert.InRange(FreezePlan.Preview(SmallText.Create(), TransferStrategy.LowRank(new() { Rank = 1 }), 3)[0].TrainableParameters, 52, 2000);
    }

    private static FitResult Fit(string name) =>
        new Learner(SmallText.Create(), SmallBackbone.Compute, new()).Fit(StrategyCatalog.Find(name), s_task.Train, s_task.Classes, seed: 1);
}
