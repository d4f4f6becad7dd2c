using TransferLab.Networks;
using TransferLab.Runtime;
using TransferLab.Strategies;
using static TorchSharp.torch;

namespace TransferLab.Training;

/// <summary>
/// What a first phase without labels made of a network, for the runs that begin with it too: the trials of a strategy and the run they are for, which differ in
/// labelled examples and later phases only. Trained once, whoever asks first.
/// </summary>
internal sealed class UnlabeledPhase : IDisposable
{
    private readonly List<CurvePoint> _curve = [];
    private Dictionary<string, Tensor> _weights = [];
    private Dictionary<string, string> _settings = [];
    private Phase? _phase;
    private RunClock.Times? _clock;
    private int _epochs;

    /// <summary>Seconds that training it took; 0 before that.</summary>
    public double Seconds => _clock?.Seconds ?? 0;

    /// <summary>Trains it, or fills in what it left, at the price of the first time.</summary>
    /// <param name="phase">The same in every call for which it is kept; another takes its place.</param>
    /// <param name="network">Is moved.</param>
    /// <param name="run">Gets the curve, the settings and the time.</param>
    /// <param name="train">Trains, and merges adapters; returns the epochs made.</param>
    /// <returns>Epochs made.</returns>
    public int Run(Phase phase, TransferNetwork network, TrainingRun run, Func<int> train)
    {
        if (_phase == phase)
        {
            Fill(network, run);
            return _epochs;
        }

        _epochs = train();
        Keep(phase, network, run);
        return _epochs;
    }

    public void Dispose()
    {
        foreach (Tensor value in _weights.Values)
        {
            value.Dispose();
        }

        _weights = [];
        _phase = null;
    }

    private void Keep(Phase phase, TransferNetwork network, TrainingRun run)
    {
        Dispose();
        _weights = network.Moved(network.State()).ToDictionary(pair => pair.Key, pair => pair.Value.Copied());
        _settings = new(run.Settings);
        _curve.Clear();
        _curve.AddRange(run.Curve);
        _clock = run.Clock.Now;
        _phase = phase;
    }

    private void Fill(TransferNetwork network, TrainingRun run)
    {
        network.Discard();
        using (no_grad())
        {
            foreach ((string name, Tensor value) in network.Moved(network.State()))
            {
                value.copy_(_weights[name]);
            }
        }

        run.Curve.AddRange(_curve);
        run.Clock.Add(_clock!);
        foreach ((string name, string value) in _settings)
        {
            run.Settings[name] = value;
        }
    }
}
