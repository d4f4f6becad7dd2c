using System.CommandLine;
using TransferLab.Networks;
using TransferLab.Strategies;
using TransferLab.Training;

namespace TransferLab.Cli.Commands;

/// <summary><c>transferlab strategies</c>: what each one trains.</summary>
internal static class StrategiesCommand
{
    private static readonly Option<string> s_strategies = new("--strategies")
    {
        Description = "Comma-separated names, or FILE.json; all where not given",
        DefaultValueFactory = _ => KnownStrategies.Names(","),
        HelpName = "LIST",
    };
    private static readonly Option<string> s_backbone = new("--backbone")
    {
        Description = $"Pretrained network: {BackboneCatalog.Names}",
        DefaultValueFactory = _ => "resnet18",
        HelpName = "MODEL",
    };
    private static readonly Option<string?> s_root = new("--data-root")
    {
        Description = $"Where catalogued files lie; {Data.Catalog.RootVariable} where not given",
        HelpName = "DIR",
    };
    private static readonly PublishedOptions s_published = new();
    private static readonly Option<int> s_classes = new Option<int>("--classes")
    {
        Description = "Number of classes",
        DefaultValueFactory = _ => 10,
        HelpName = "N",
    }.Within(2, 100_000);
    private static readonly Option<bool> s_groups = new("--groups") { Description = "One line a layer group" };

    public static Command Create() => new Command("strategies", """
        Lists the strategies, and what each phase of them trains: layer groups, parameters, normalisation, solver.

        Examples:
          transferlab strategies
          transferlab strategies --strategies lora,own.json --backbone minilm --groups
        """)
    {
        s_strategies, s_backbone, s_classes, s_groups, s_root,
    }.With(s_published.All).Does(Run);

    private static void Run(ParseResult arguments, CancellationToken cancellation)
    {
        NeededPackages.EnsureLibTorch();
        BackboneRequest request = s_published.Request(arguments, cancellation);
        Backbone backbone = BackboneCatalog.Open(request.Resolver.Find(arguments.GetRequiredValue(s_backbone)), size: null, request);
        foreach (string name in arguments.GetRequiredValue(s_strategies).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            cancellation.ThrowIfCancellationRequested();
            Strategy strategy = KnownStrategies.Find(name);
            Console.Out.WriteLine($"{strategy.Name,-16} {strategy.Description}");
            if (strategy is TransferStrategy transfer)
            {
                foreach ((FreezePlan plan, Phase phase) in FreezePlan.Preview(backbone, transfer, Math.Max(2, arguments.GetValue(s_classes)))
                    .Zip(transfer.Phases))
                {
                    Console.Out.WriteLine($"{"",-16} {Solver(phase)}: {plan.Summary}");
                    Console.Out.Write(arguments.GetValue(s_groups) ? string.Concat(plan.ToString().Split('\n').Select(line => $"{"",-18} {line}\n")) : "");
                }
            }
        }
    }

    private static string Solver(Phase phase) => (phase.Solver == Strategies.Solver.Lbfgs
        ? "L-BFGS"
        : phase.Objective == Objective.Contrast
        ? "AdamW by contrast, no labels"
        : "AdamW")
        + (phase.Lora is { } lora ? $", adapters of {lora}" : "")
        + (phase.Normalization == Normalization.Fixed ? ", normalisation keeps its statistics" : ", normalisation by batch");
}
