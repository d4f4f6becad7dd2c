using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Networks.Weights;
using TransferLab.Strategies;
using TransferLab.Tests.Reporting;
using TransferLab.Tests.Training;
using TransferLab.Training;

namespace TransferLab.Tests.Models;

/// <summary>The index of labelled examples as a model.</summary>
[Collection(TorchCollection.Name)]
public sealed class NearestNeighbourTests : IDisposable
{
    private static readonly LabeledData s_task = SmallText.Task();
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void With_one_neighbour_every_labelled_example_has_its_own_label()
    {
        using FitResult fitted = Fit(KnnStrategy.Default() with { Neighbours = 1 });
        Assert.Equal(s_task.Train.Select(example => example.Label), fitted.Model.Predict(s_task.Train).Labels);
        Assert.Equal(0, fitted.TrainableParameters);
    }

    [Fact]
    public void Examples_join_and_leave_without_training_and_what_they_taught_goes_with_them()
    {
        using FitResult fitted = Fit(KnnStrategy.Default() with { Neighbours = 1 });
        NearestNeighbourModel model = (NearestNeighbourModel)fitted.Model;
        IReadOnlyList<float[]> before = model.Predict(s_task.Test).Probabilities;
        Example surprise = s_task.Test[0] with { Name = "new", Label = 2 };

        model.Add([surprise]);
        Assert.Equal(2, model.Predict([s_task.Test[0]]).Labels[0]);
        model.Add([surprise with { Label = 1 }]); // Under the same name: it takes the other's place.
        Assert.Equal((13, 1), (model.Count, model.Predict([s_task.Test[0]]).Labels[0]));

        Assert.Equal(1, model.Remove(["new", "never there"]));
        Assert.Equal(before, model.Predict(s_task.Test).Probabilities);
        Assert.Throws<ArgumentException>(() => model.Add([surprise with { Label = 3 }]));
        Assert.Throws<InvalidOperationException>(() => model.Remove([.. model.Names]));
        Assert.Equal(12, model.Count);
    }

    [Fact]
    public void A_loaded_index_answers_as_the_saved_one_did_and_can_still_grow()
    {
        using FitResult fitted = Fit(KnnStrategy.Default());
        string path = Path.Combine(_folder.Path, "knn.safetensors");
        fitted.Model.Save(path);
        using NearestNeighbourModel loaded = (NearestNeighbourModel)ModelFile.Load(path, SmallBackbone.Compute);

        Assert.Equal(fitted.Model.Predict(s_task.Test).Probabilities, loaded.Predict(s_task.Test).Probabilities);
        Assert.Equal(((NearestNeighbourModel)fitted.Model).Neighbours, loaded.Neighbours);
        loaded.Add([s_task.Test[0]]);
        Assert.Equal(13, loaded.Count);
        Assert.Throws<WeightsException>(() => BackboneFile.Load(path));
    }

    [Fact]
    public void The_number_of_neighbours_is_the_one_by_which_training_examples_judge_each_other_best()
    {
        NeighbourIndex index = new();
        for (int i = 0; i < 12; i++) // Two clusters of six; the nearest neighbour of each mislabelled one, and theirs, mislead.
        {
            double angle = ((i % 2) * Math.PI / 2) + (0.01 * i);
            index.Add($"{i}", i is 4 or 7 ? 1 - (i % 2) : i % 2, [(float)Math.Cos(angle), (float)Math.Sin(angle)]);
        }

        double right = index.ChooseNeighbours(2, default)!.Value;
        Assert.True(index.Neighbours >= 3, $"{index.Neighbours}");
        Assert.Equal(10.0 / 12, right, 6);
        Assert.Throws<ArgumentOutOfRangeException>(() => KnnStrategy.Default() with { Neighbours = 0 });
    }

    [Fact]
    public void An_example_that_the_others_judge_gets_the_vote_of_an_index_without_it()
    {
        const int count = 40;
        Random random = new(3);
        float[][] rows = [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, 4).Select(_ => random.NextSingle() - 0.5f).ToArray())];
        NeighbourIndex Without(int left) // -1 for all.
        {
            NeighbourIndex index = new();
            for (int i = 0; i < count; i++)
            {
                if (i != left)
                {
                    index.Add($"{i}", i % 3, rows[i]);
                }
            }

            return index;
        }

        int Right(int neighbours) => Enumerable.Range(0, count).Count(i =>
        {
            NeighbourIndex others = Without(i);
            others.Neighbours = neighbours;
            float[] votes = others.Vote(rows[i], 3);
            return Array.IndexOf(votes, votes.Max()) == i % 3;
        });

        int[] candidates = [1, 3, 5, 10, 20], right = [.. candidates.Select(Right)];
        NeighbourIndex all = Without(-1);
        double? share = all.ChooseNeighbours(3, default);
        Assert.Equal((candidates[Array.IndexOf(right, right.Max())], right.Max() / (double)count), (all.Neighbours, share!.Value));
    }

    private static FitResult Fit(KnnStrategy strategy) =>
        new Learner(SmallText.Create(), SmallBackbone.Compute, new()).Fit(strategy, s_task.Train, s_task.Classes, seed: 1);
}
