using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using TransferLab.Models;
using TransferLab.Runtime;
using TransferLab.Strategies;
using TransferLab.Training;

namespace TransferLab.Learners;

/// <summary>A language model that was tuned, and how that went. Owns the model.</summary>
public sealed class TunedLanguageModel : IDisposable
{
    /// <summary>Name of the folder of adapters.</summary>
    public const string AdapterFolder = TunedFolder.Adapter;

    /// <summary>Name of the folder of a whole model.</summary>
    public const string ModelFolder = TunedFolder.Model;

    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly TrainingOutcome _outcome;

    internal TunedLanguageModel(LanguageModel model, TransferStrategy strategy, TrainingOutcome outcome) =>
        (Model, Strategy, _outcome) = (model, strategy, outcome);

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

    /// <summary>
    /// Writes a folder: <c>adapter/</c> in PEFT's layout, or <c>model/</c> in the hub's where the weights themselves moved; <c>card.json</c> (base, its hash,
    /// licence, template, data) and <c>results.json</c> (settings, losses, time).
    /// </summary>
    /// <param name="folder">Made if need be.</param>
    /// <param name="data">What it was trained on, for the card.</param>
    /// <param name="results">More to be kept beside the curve, such as losses before and after.</param>
    public void Save(string folder, LanguageModelCardData data, IReadOnlyDictionary<string, double>? results = null)
    {
        if (Model.HasAdapter)
        {
            Model.SaveAdapter(Path.Combine(folder, AdapterFolder));
        }
        else
        {
            Model.SaveFolder(Path.Combine(folder, ModelFolder));
        }

        Write(Path.Combine(folder, LanguageModelCard.FileName), new LanguageModelCard
        {
            Base = Model.Files.Path,
            BaseName = Model.Card.Name,
            BaseSha256 = Model.Card.Sha256,
            BaseLicense = Model.Card.Licence,
            Architecture = Model.Card.Architecture,
            Template = Model.Chat?.Template.Name,
            Strategy = Strategy.Name,
            Data = data,
        });
        Write(Path.Combine(folder, "results.json"), new
        {
            Settings,
            TrainableParameters = Plan.TrainableParameters,
            Seconds = Time.Total,
            Results = results,
            Curve,
        });
    }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();

    private static void Write<T>(string path, T value) => WholeFile.Write(path, stream => JsonSerializer.Serialize(stream, value, s_json));
}
