using TransferLab.Networks;
using TransferLab.Runtime;
using static TorchSharp.torch;

namespace TransferLab.Training;

/// <summary>Keeps a copy of the best weights and statistics seen, of those that have moved.</summary>
internal sealed class BestWeights(TransferNetwork network) : IDisposable
{
    private readonly Dictionary<string, Tensor> _copy = [];
    private BestEpoch _best = new(-1, double.MaxValue, 0, 0);

    /// <summary>The epoch of the best weights.</summary>
    public int Epoch => _best.Epoch;

    /// <summary>Where the search for the best stands.</summary>
    public BestEpoch Now => _best;

    /// <summary>The best weights; empty before the first offer.</summary>
    public IReadOnlyDictionary<string, Tensor> Copies => _copy;

    /// <summary>Takes the place of an earlier search: its copies are to be filled in, where it had some.</summary>
    public void Resume(BestEpoch standing)
    {
        if (standing.Epoch > 0)
        {
            Offer(standing.Accuracy, standing.Loss, standing.Epoch);
        }

        _best = standing;
    }

    /// <summary>Copies the present weights if they are better: more accurate, or as accurate with a lower loss.</summary>
    /// <returns>Offers since the best one.</returns>
    public int Offer(double accuracy, double loss, int epoch)
    {
        if (accuracy < _best.Accuracy || (accuracy == _best.Accuracy && loss >= _best.Loss))
        {
            _best = _best with { Since = _best.Since + 1 };
            return _best.Since;
        }

        _best = new(accuracy, loss, Since: 0, epoch);
        using IDisposable noGradient = no_grad();
        foreach ((string name, Tensor value) in network.Moved(network.State()))
        {
            if (_copy.TryGetValue(name, out Tensor? copy))
            {
                copy.copy_(value);
            }
            else
            {
                _copy[name] = value.Copied();
            }
        }

        return 0;
    }

    /// <summary>Puts the best weights back.</summary>
    public void Restore()
    {
        using IDisposable noGradient = no_grad();
        foreach ((string name, Tensor value) in network.Moved(network.State()))
        {
            value.copy_(_copy[name]);
        }
    }

    /// <summary>Accuracy, loss and epoch of the best weights, and how many offers there were since.</summary>
    internal sealed record BestEpoch(double Accuracy, double Loss, int Since, int Epoch);

    public void Dispose()
    {
        foreach (Tensor copy in _copy.Values)
        {
            copy.Dispose();
        }
    }
}
