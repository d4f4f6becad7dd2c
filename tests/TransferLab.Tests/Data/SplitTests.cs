using TransferLab.Data;

namespace TransferLab.Tests.Data;

public class SplitTests
{
    [Fact]
    public void The_split_is_pinned_and_does_not_depend_on_the_order_given()
    {
        var examples = Examples(5, 10);
        var (kept, held) = Split.StratifiedSplit(examples, 0.3, 7);
        var (keptAgain, heldAgain) = Split.StratifiedSplit(examples.Reverse().ToArray(), 0.3, 7);
        Assert.Equal(kept, keptAgain);
        Assert.Equal(held, heldAgain);
        Assert.Equal(Pinned, held.Select(e => e.Name));
        Assert.Equal(examples.Order(ByName), kept.Concat(held).Order(ByName));
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.2)]
    [InlineData(0.95)]
    public void Every_class_keeps_one_and_holds_one_out_where_it_can(double share)
    {
        var (kept, held) = Split.StratifiedSplit(Examples(1, 2, 3, 50), share, 1);
        Assert.Equal([0, 1, 2, 3], kept.Select(e => e.Label).Distinct().Order());
        Assert.Equal([1, 2, 3], held.Select(e => e.Label).Distinct().Order());
    }

    [Fact]
    public void A_share_of_zero_holds_nothing_out()
    {
        Assert.Empty(Split.StratifiedSplit(Examples(3, 3), 0, 1).HeldOut);
        Assert.Throws<ArgumentOutOfRangeException>(() => Split.StratifiedSplit(Examples(3, 3), 1, 1));
    }

    [Fact]
    public void Equal_contents_stay_together_even_under_two_labels()
    {
        var examples = Examples(6, 6).Select((e, i) => e with { Hash = $"h{i % 5}" }).Append(new Example("z", "", 2, "h0")).ToArray();
        for (int seed = 0; seed < 20; seed++)
        {
            var (kept, held) = Split.StratifiedSplit(examples, 0.4, seed);
            Assert.Empty(kept.Select(e => e.Hash).Intersect(held.Select(e => e.Hash)));
            Assert.Equal([0, 1, 2], kept.Select(e => e.Label).Distinct().Order());
            Assert.Equal(examples.Length, kept.Count + held.Count);
        }
    }

    [Fact]
    public void Folds_hold_every_example_out_once_but_those_that_a_class_cannot_do_without()
    {
        Example[] examples = [.. Examples(7, 9, 1, 2).Select((e, i) => e with { Hash = i is 0 or 1 ? "same" : $"h{i}" })];
        for (int seed = 0; seed < 20; seed++)
        {
            var folds = Split.StratifiedFolds(examples, 3, seed);
            Assert.Equal(3, folds.Count);
            Assert.Equal(examples.Where(e => e.Label != 2).Order(ByName), folds.SelectMany(fold => fold.HeldOut).Order(ByName));
            Assert.All(folds, fold =>
            {
                Assert.Equal([0, 1, 2, 3], fold.Kept.Select(e => e.Label).Distinct().Order());
                Assert.InRange(fold.HeldOut.Count, 5, 7);
                Assert.Equal(examples.Length, fold.Kept.Count + fold.HeldOut.Count);
                Assert.NotEqual(1, fold.HeldOut.Count(e => e.Hash == "same"));
            });
            Assert.Equal(folds.Select(fold => fold.HeldOut), Split.StratifiedFolds([.. examples.Reverse()], 3, seed).Select(fold => fold.HeldOut));
        }

        Assert.Empty(Split.StratifiedFolds(Examples(1, 1), 3, 1));
    }

    [Fact]
    public void A_subsample_has_the_same_number_of_every_class_and_grows_by_adding()
    {
        var data = new LabeledData { Name = "x", Classes = ["a", "b", "c"], Train = Examples(30, 40, 4), Test = Examples(2, 2, 2) };
        var five = Split.Subsample(data, 5, 3);
        Assert.Equal([5, 5, 4], Enumerable.Range(0, 3).Select(label => five.Train.Count(e => e.Label == label)));
        Assert.Equal("Fewer than 5 training examples, so all are used: 'c' (4).", Assert.Single(five.Warnings));
        Assert.Same(data.Test, five.Test);
        Assert.Subset(Split.Subsample(data, 9, 3).Train.ToHashSet(), five.Train.ToHashSet());
        Assert.NotEqual(five.Hash, Split.Subsample(data, 5, 4).Hash);
        Assert.Equal(five.Hash, Split.Subsample(data with { Train = data.Train.Reverse().ToArray() }, 5, 3).Hash);
    }

    private static readonly string[] Pinned = ["0/01", "0/04", "1/02", "1/03", "1/07"];

    private static readonly Comparer<Example> ByName = Comparer<Example>.Create((a, b) => string.CompareOrdinal(a.Name, b.Name));

    private static Example[] Examples(params int[] counts) =>
        counts.SelectMany((count, label) => Enumerable.Range(0, count).Select(i => new Example($"{label}/{i:00}", "", label))).ToArray();
}
