using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Strategies;
using TransferLab.Tests.Training;
using TransferLab.Training;

namespace TransferLab.Tests.Models;

/// <summary>When a frozen model looks features up.</summary>
[Collection(TorchCollection.Name)]
public sealed class FrozenCacheTests : IDisposable
{
    private readonly SmallTask _task = new();
    private readonly FeatureCache _cache = new();

    public void Dispose()
    {
        _task.Dispose();
        _cache.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_image_that_no_hash_names_is_read_anew(bool indexed)
    {
        using FitResult fitted = Fit(indexed);
        int held = _cache.Count;
        Example image = _task.Data.Test[0] with { Hash = "" };
        float[] before = fitted.Model.Predict([image]).Probabilities[0];
        File.Copy(_task.Data.Test[^1].Source, image.Source, overwrite: true);

        Assert.NotEqual(before, fitted.Model.Predict([image]).Probabilities[0]);
        Assert.Equal(held, _cache.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_cache_that_is_gone_is_not_asked(bool indexed)
    {
        using FitResult fitted = Fit(indexed);
        int held = _cache.Count;
        _cache.Dispose();

        Assert.Equal(fitted.Model.Predict(_task.Data.Test).Probabilities, fitted.Model.Predict(_task.Data.Test).Probabilities);
        Assert.Equal(held, _cache.Count);
    }

    private FitResult Fit(bool indexed)
    {
        Strategy strategy = indexed ? KnnStrategy.Default() with { Neighbours = 18 } : TransferStrategy.Frozen();
        return new Learner(SmallBackbone.Create(), SmallBackbone.Compute, _cache).Fit(strategy, _task.Data.Train, _task.Data.Classes, seed: 1);
    }
}
