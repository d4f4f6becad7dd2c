using static TorchSharp.torch;

namespace TransferLab.Training;

/// <summary>Keeps a copy of the best weights and statistics seen.</summary>
internal sealed class BestWeights(TransferNetwork network) : IDisposable
{
    private readonly Dictionary<string, Tensor> _copy = [];
    private (double Accuracy, double Loss) _best = (-1, double.MaxValue);
    private int _since;

    /// <summary>The epoch of the best weights.</summary>
    public int Epoch { get; private set; }

    /// <summary>Copies the present weights if they are better: more accurate, or as accurate with a lower loss.</summary>
    /// <returns>Offers since the best one.</returns>
    public int Offer(double accuracy, double loss, int epoch)
    {
        if (accuracy < _best.Accuracy || (accuracy == _best.Accuracy && loss >= _best.Loss))
        {
            return ++_since;
        }

        _best = (accuracy, loss);
        (_since, Epoch) = (0, epoch);
        using IDisposable noGradient = no_grad();
        foreach ((string name, Tensor value) in network.State())
        {
            if (_copy.TryGetValue(name, out Tensor? copy))
            {
                copy.copy_(value);
            }
            else
            {
                _copy[name] = value.detach().clone().DetachFromDisposeScope();
            }
        }

        return 0;
    }

    /// <summary>Puts the best weights back.</summary>
    public void Restore()
    {
        using IDisposable noGradient = no_grad();
        foreach ((string name, Tensor value) in network.State())
        {
            value.copy_(_copy[name]);
        }
    }

    public void Dispose()
    {
        foreach (Tensor copy in _copy.Values)
        {
            copy.Dispose();
        }
    }
}
