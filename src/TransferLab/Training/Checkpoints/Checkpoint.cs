using System.Text.Json;
using System.Text.Json.Serialization;
using TorchSharp;
using TransferLab.Networks.Weights;
using TransferLab.Networks;
using static TorchSharp.torch;

namespace TransferLab.Training;

/// <summary>Writes and reads the state of an unfinished run.</summary>
internal sealed class Checkpoint(CheckpointOptions options)
{
    private const string StateKey = "transferlab.checkpoint", NetworkPrefix = "network.", BestPrefix = "best.", MomentPrefix = "moment.", Random = "random";
    private static readonly JsonSerializerOptions s_json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };
    private DateTime _last = DateTime.UtcNow;

    /// <summary>What an interrupted run left; null where there is nothing, or nothing of this run.</summary>
    public CheckpointState? State { get; private set; }

    /// <summary>Index of the phase under way, and epochs before it: set by the trainer.</summary>
    public (int Phase, int EpochsBefore) At { get; set; }

    /// <summary>Looks for what was left. A damaged file counts as none.</summary>
    public CheckpointState? Find()
    {
        try
        {
            using SafetensorsFile file = SafetensorsFile.Open(options.Path);
            State = JsonSerializer.Deserialize<CheckpointState>(file.Metadata[StateKey], s_json);
        }
        catch (Exception e) when (e is WeightsException or JsonException or KeyNotFoundException)
        {
            State = null;
        }

        return State = State?.Fingerprint == options.Fingerprint ? State : null;
    }

    /// <summary>Fills in all weights and statistics, before any table is narrowed.</summary>
    public void RestoreNetwork(TransferNetwork network) => Restore(network.Moved(network.State()).ToDictionary(), NetworkPrefix);

    /// <summary>Fills in the optimizer, the best weights and the run's generator; from now on there is nothing to take up.</summary>
    /// <param name="optimizer">Of the phase.</param>
    /// <param name="best">Of the phase.</param>
    /// <param name="random">Of the run.</param>
    /// <param name="part">What of the epoch under way is done.</param>
    /// <returns>Epochs done in the phase.</returns>
    public int RestoreTraining(OptimizerGroups optimizer, BestWeights best, Generator random, out PartOfEpoch part)
    {
        CheckpointState state = State!;
        Restore(optimizer.Moments().ToDictionary(moment => moment.Name, moment => moment.Value), MomentPrefix);
        optimizer.Steps = state.Steps;
        best.Resume(state.Best);
        if (best.Copies.Count > 0)
        {
            Restore(best.Copies, BestPrefix);
        }

        using SafetensorsFile file = SafetensorsFile.Open(options.Path);
        using Tensor generator = file.Read(Random);
        random.set_state(generator);
        State = null;
        part = state.Part;
        return state.Epoch;
    }

    /// <summary>Writes the state after a step, if the last is long enough ago, or the run ends here before its time.</summary>
    public void SaveIfDue(TransferNetwork network, OptimizerGroups optimizer, BestWeights best, TrainingRun run, Generator random, int epoch, PartOfEpoch part,
        bool isLast = false)
    {
        if ((!isLast && DateTime.UtcNow - _last < options.Every) || !optimizer.HasMoments || optimizer.Steps == 0)
        {
            return;
        }

        CheckpointState state = new()
        {
            Fingerprint = options.Fingerprint,
            Phase = At.Phase,
            Epoch = epoch,
            Part = part,
            EpochsBefore = At.EpochsBefore,
            Steps = optimizer.Steps,
            Best = best.Now,
            Clock = run.Clock.Now,
            Curve = run.Curve,
            Settings = run.Settings,
        };
        using DisposeScope scope = NewDisposeScope();
        IEnumerable<(string, Tensor)> tensors =
        [
            .. network.Moved(network.WholeState()).Select(pair => (NetworkPrefix + pair.Key, pair.Value)),
            .. optimizer.Moments().Select(moment => (MomentPrefix + moment.Name, moment.Value)),
            .. best.Copies.Select(pair => (BestPrefix + pair.Key, pair.Value)),
            (Random, random.get_state()),
        ];
        SafetensorsWriter.Write(options.Path, tensors, new Dictionary<string, string> { [StateKey] = JsonSerializer.Serialize(state, s_json) });
        _last = DateTime.UtcNow;
    }

    private void Restore(IReadOnlyDictionary<string, Tensor> targets, string prefix)
    {
        using SafetensorsFile file = SafetensorsFile.Open(options.Path);
        StateDictionary.LoadStrict(targets, file, prefix);
    }
}
