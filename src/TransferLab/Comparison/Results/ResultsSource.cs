namespace TransferLab.Comparison;

/// <summary>One of the comparisons that were laid side by side: who made it, from what, and where.</summary>
public sealed record ResultsSource
{
    /// <summary>Its name in the names of strategies that more than one comparison has.</summary>
    public required string Name { get; init; }

    /// <summary>The program that wrote it, with its version.</summary>
    public required string Program { get; init; }

    /// <summary>When it ended, UTC.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The command that repeats it.</summary>
    public string Command { get; init; } = "";

    /// <summary>Its task.</summary>
    public required DataSummary Data { get; init; }

    /// <summary>Its pretrained network.</summary>
    public required BackboneSummary Backbone { get; init; }

    /// <summary>All of them, where there are several.</summary>
    public IReadOnlyList<BackboneSummary>? Backbones { get; init; }

    /// <summary>Where it ran.</summary>
    public required MachineSummary Machine { get; init; }

    internal static ResultsSource Of(string name, ComparisonResults results) => new()
    {
        Name = name,
        Program = results.Program,
        Created = results.Created,
        Command = results.Command,
        Data = results.Data,
        Backbone = results.Backbone,
        Backbones = results.Backbones,
        Machine = results.Machine,
    };
}
