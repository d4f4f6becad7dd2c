using TransferLab.Networks;
using TransferLab.Strategies;

namespace TransferLab.Comparison;

/// <summary>A model adapted by a strategy: what is trained once a seed, and tested in every context.</summary>
internal sealed record Adaptation
{
    /// <summary>The model.</summary>
    public required Backbone Backbone { get; init; }

    /// <summary>Its name, where there are several; null where there is one, or where the strategy uses none.</summary>
    public required string? Model { get; init; }

    /// <summary>The strategy.</summary>
    public required Strategy Strategy { get; init; }

    /// <summary>Name of both together.</summary>
    public string Name => NameOf(Model, Strategy.Name);

    /// <summary>What its files are called, without seed and extension.</summary>
    public string Stem { get; private init; } = "";

    /// <summary>One row a context.</summary>
    public IReadOnlyList<ComparisonRow> Rows { get; private init; } = [];

    /// <summary>All of a comparison, in the order of its table. A strategy that uses no backbone is there once.</summary>
    /// <exception cref="ArgumentException">Two rows would have one name.</exception>
    public static IReadOnlyList<Adaptation> All(IReadOnlyList<Backbone> backbones, ComparisonOptions options)
    {
        Adaptation[] all =
            [.. backbones.SelectMany((backbone, i) => options.Strategies.Where(strategy => i == 0 || strategy.UsesBackbone).Select(strategy => new Adaptation
        {
            Backbone = backbone,
            Model = backbones.Count > 1 && strategy.UsesBackbone ? backbone.Card.Name : null,
            Strategy = strategy,
        }))];
        string[] rows = [.. all.SelectMany(adaptation => options.Contexts.Select(context => adaptation.RowName(context)))];
        if (rows.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Two rows of the comparison would be named '{twice.Key}'; rename a backbone, a strategy or a context.");
        }

        IReadOnlyDictionary<string, string> stems = FileStems.Of([.. rows, .. all.Select(adaptation => adaptation.Name)]);
        return [.. all.Select(adaptation => adaptation with
        {
            Stem = stems[adaptation.Name],
            Rows = [.. options.Contexts.Select(context => new ComparisonRow(context, adaptation.RowName(context), stems[adaptation.RowName(context)]))],
        })];
    }

    private string RowName(TestContext context) => NameOf(Model, context.Name.Length == 0 ? Strategy.Name : $"{Strategy.Name}+{context.Name}");

    private static string NameOf(string? model, string way) => model is null ? way : $"{model}.{way}";
}
