using TransferLab.Data;
using TransferLab.Training;

namespace TransferLab.Tests.Training;

public sealed class FoldsTests
{
    [Fact]
    public void Below_a_thousand_every_example_is_held_out_once()
    {
        IReadOnlyList<bool[]> folds = Folds.HeldOut(Examples(103), seed: 1);

        Assert.Equal(5, folds.Count);
        Assert.All(Enumerable.Range(0, 103), i => Assert.Single(folds, held => held[i]));
    }

    [Fact]
    public void From_a_thousand_on_one_fifth_of_every_class_is_held_out()
    {
        Example[] examples = Examples(1000);
        bool[] held = Assert.Single(Folds.HeldOut(examples, seed: 1));

        Assert.All(Enumerable.Range(0, 4), label => Assert.Equal(50, examples.Where((example, i) => held[i] && example.Label == label).Count()));
    }

    [Fact]
    public void The_seed_decides()
    {
        Assert.Equal(Folds.HeldOut(Examples(50), seed: 1), Folds.HeldOut(Examples(50), seed: 1));
        Assert.NotEqual(Folds.HeldOut(Examples(50), seed: 1), Folds.HeldOut(Examples(50), seed: 2));
    }

    private static Example[] Examples(int count) => [.. Enumerable.Range(0, count).Select(i => new Example($"{i}", "", i % 4))];
}
