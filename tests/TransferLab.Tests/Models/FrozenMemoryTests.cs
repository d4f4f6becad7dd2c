using System.Runtime.CompilerServices;
using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Strategies;
using TransferLab.Tests.Training;
using TransferLab.Training;

namespace TransferLab.Tests.Models;

/// <summary>Whoever predicts for months keeps nothing of what was asked.</summary>
[Collection(TorchCollection.Name)]
public sealed class FrozenMemoryTests
{
    private const int AtOnce = 1000;
    private const long MostGrowth = 8 << 20;

    [Theory]
    [InlineData("frozen")]
    [InlineData("knn")]
    public void A_frozen_model_keeps_nothing_of_the_texts_that_it_predicts(string strategy)
    {
        using FeatureCache cache = new();
        using FitResult fitted = Fit(strategy, cache);
        int held = cache.Count;
        List<WeakReference> asked = Ask(fitted.Model, 0, AtOnce);
        GC.Collect();

        Assert.DoesNotContain(asked, text => text.IsAlive);
        Assert.Equal(held, cache.Count);
        fitted.Model.PredictCached(cache, [new Example("new", "parcel 1 late", 0)], progress: null, default);
        Assert.Equal(held + 1, cache.Count); // What is kept is counted: the same texts by way of the cache would have shown.
    }

    /// <summary>As many as an application sees in a day, of which every one would be some hundred bytes in a cache.</summary>
    [SkippableTheory]
    [InlineData("frozen")]
    [InlineData("knn")]
    public void A_hundred_thousand_texts_leave_memory_as_it_was(string strategy)
    {
        Skip.IfNot(Environment.GetEnvironmentVariable("TRANSFERLAB_SLOW") == "1", "TRANSFERLAB_SLOW=1 is not set");
        using FeatureCache cache = new();
        using FitResult fitted = Fit(strategy, cache);
        Ask(fitted.Model, 0, 10 * AtOnce);
        (long heap, long resident) = (GC.GetTotalMemory(forceFullCollection: true), Environment.WorkingSet);
        Ask(fitted.Model, 10 * AtOnce, 100 * AtOnce);

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - heap, long.MinValue, MostGrowth);
        Assert.InRange(Environment.WorkingSet - resident, long.MinValue, 8 * MostGrowth);
    }

    private static FitResult Fit(string strategy, FeatureCache cache)
    {
        LabeledData task = SmallText.Task();
        return new Learner(SmallText.Create(), SmallBackbone.Compute, cache).Fit(StrategyCatalog.Find(strategy), task.Train, task.Classes, seed: 1);
    }

    /// <summary>Predicts texts that all differ, and says where the last of them were.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static List<WeakReference> Ask(TrainedModel model, int first, int count)
    {
        List<WeakReference> asked = [];
        foreach (int[] numbers in Enumerable.Range(first, count).Chunk(AtOnce))
        {
            Example[] texts = [.. numbers.Select(i => new Example($"{i}", $"parcel {i} late", 0))];
            Assert.Equal(texts.Length, model.Predict(texts).Labels.Count);
            asked = [.. texts.Select(text => new WeakReference(text.Source))];
        }

        return asked;
    }
}
