using TorchSharp.Modules;
using TransferLab.Networks;
using TransferLab.Strategies;
using static TorchSharp.torch.nn;

namespace TransferLab.Training;

/// <summary>What a phase trains in a network, and what follows from it.</summary>
/// <param name="FrozenPrefix">Number of leading layer groups in which nothing moves: they run in evaluation mode, and their output can be cached.</param>
/// <param name="Groups">Each layer group, and the head last: its name, whether it trains, its parameters.</param>
[Runtime.TypeFormatterSource(typeof(Runtime.NotebookFormatters))]
public sealed record FreezePlan(int FrozenPrefix, IReadOnlyList<FreezePlan.Line> Groups)
{
    /// <summary>One layer group of the plan.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Trains">Whether any of its parameters move.</param>
    /// <param name="Parameters">How many there are.</param>
    /// <param name="Moving">How many of them move, or of the low-rank adapters beside them.</param>
    public sealed record Line(string Name, bool Trains, long Parameters, long Moving);

    /// <summary>Parameters that move.</summary>
    public long TrainableParameters => Groups.Sum(group => group.Moving);

    /// <summary>All parameters.</summary>
    public long TotalParameters => Groups.Sum(group => group.Parameters);

    /// <summary>What trains in one line.</summary>
    public string Summary
    {
        get
        {
            Line[] trained = [.. Groups.Take(Groups.Count - 1).Where(group => group.Trains)];
            string head = Groups[^1].Trains ? " and the head" : ""; // A language model's is pretrained, and moves with the embedding or not at all.
            string layers = trained.Length switch
            {
                0 => "the head alone",
                1 => $"{trained[0].Name}{head}",
                _ => $"{trained[0].Name} to {trained[^1].Name} ({trained.Length} of {Groups.Count - 1} layer groups){head}",
            };
            return string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"{layers}: {TrainableParameters:N0} parameters move, of a network of {TotalParameters:N0}");
        }
    }

    /// <summary>A table of what trains, one line a group.</summary>
    public override string ToString() => string.Join('\n', Groups.Select(group =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"{group.Name,-12} {(group.Trains ? "trains" : "frozen")} {group.Moving,12:N0} of {group.Parameters,12:N0}")));

    /// <summary>What a phase would train in a backbone with a head for a number of classes, found on a network that is thrown away.</summary>
    public static FreezePlan Of(Backbone backbone, Phase phase, int classes)
    {
        using TransferNetwork network = new(backbone.CreateRandom(seed: 0), classes, seed: 0);
        network.Adapt(phase, seed: 0);
        return Apply(network, phase);
    }

    /// <summary>What every phase of a strategy would train in a backbone's network, without training it.</summary>
    public static IReadOnlyList<FreezePlan> Preview(Backbone backbone, TransferStrategy strategy, int classes)
    {
        BackboneNetwork random = backbone.CreateRandom(seed: 0);
        using TransferNetwork network = new(random, new ClassificationHead(random.FeatureWidth, classes, strategy.Head, seed: 0));
        return [.. strategy.Phases.Select(phase =>
        {
            network.Adapt(phase, seed: 0);
            FreezePlan plan = Apply(network, phase);
            network.Discard();
            return plan;
        })];
    }

    /// <summary>Freezes and unfreezes a network as a phase says, statistics of normalisation included.</summary>
    internal static FreezePlan Apply(TransferNetwork network, Phase phase)
    {
        IReadOnlyList<LayerGroup> groups = network.Backbone.Groups;
        List<Line> lines = [];
        network.Evaluate();
        for (int i = 0; i < groups.Count; i++)
        {
            bool trains = phase.Trains.Includes(i, groups.Count);
            (long all, long moving) = Set(groups[i].Modules.SelectMany(module => module.named_parameters()), name => trains && phase.Lora is null
                && phase.Trains.Includes(name));
            moving += network.Adapters?.Parameters(i).Sum(parameter => parameter.numel()) ?? 0;
            lines.Add(new(groups[i].Name, moving > 0, all, moving));
            foreach (Module module in groups[i].Modules)
            {
                SetMode(module, moving > 0, phase.Normalization);
            }
        }

        bool headTrains = network.Head.IsNew || (phase.Lora is null && phase.Trains.Includes("head.weight"));
        (long head, long movingHead) = Set(network.Head.Parameters.Select(parameter => ("", parameter)), _ => headTrains);
        lines.Add(new("head", headTrains, head, movingHead));
        network.Head.Train(headTrains);
        network.CountMoved(merges: phase.Lora?.Merge != AdapterMerge.Keep);
        int prefix = lines.TakeWhile(line => !line.Trains).Count();
        return new(prefix, lines);
    }

    private static (long All, long Moving) Set(IEnumerable<(string Name, Parameter Parameter)> parameters, Predicate<string> trains)
    {
        (long all, long moving) = (0, 0);
        foreach ((string name, Parameter parameter) in parameters)
        {
            parameter.requires_grad = trains(name);
            all += parameter.numel();
            moving += parameter.requires_grad ? parameter.numel() : 0;
        }

        return (all, moving);
    }

    /// <summary>Training mode for what trains; normalisation with statistics only where the phase lets them move.</summary>
    private static void SetMode(Module module, bool trains, Normalization normalization)
    {
        module.train(trains);
        if (trains && normalization == Normalization.Fixed)
        {
            foreach (Module layer in module.modules().Prepend(module).Where(layer => layer is TorchSharp.Modules.BatchNorm))
            {
                layer.eval();
            }
        }
    }
}
