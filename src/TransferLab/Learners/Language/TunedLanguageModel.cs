using TransferLab.Models;
using TransferLab.Strategies;
using TransferLab.Training;

namespace TransferLab.Learners;

/// <summary>A language model that was tuned, and how that went. Owns the model.</summary>
public sealed class TunedLanguageModel : IDisposable
{
    private readonly TrainingOutcome _outcome;

    internal TunedLanguageModel(LanguageModel model, TransferStrategy strategy, TrainingOutcome outcome) => (Model, Strategy, _outcome) = (model, strategy, outcome);

    /// <summary>The model; adapters stand beside its weights.</summary>
    public LanguageModel Model { get; }

    /// <summary>How it was tuned.</summary>
    public TransferStrategy Strategy { get; }

    /// <summary>What trained.</summary>
    public FreezePlan Plan => _outcome.Plan;

    /// <summary>Losses of every epoch, held-out ones among them.</summary>
    public IReadOnlyList<CurvePoint> Curve => _outcome.Curve;

    /// <summary>Where the time went.</summary>
    public RunTime Time => _outcome.Time;

    /// <summary>What training chose, for display.</summary>
    public IReadOnlyDictionary<string, string> Settings => _outcome.Settings;

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();
}
