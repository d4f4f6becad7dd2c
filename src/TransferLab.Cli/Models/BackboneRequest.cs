namespace TransferLab.Cli;

/// <summary>What a person says about a backbone beside its name.</summary>
internal sealed record BackboneRequest
{
    /// <summary>Where catalogued files lie; null for what the environment says.</summary>
    public string? DataRoot { get; init; }

    /// <summary>What its files do not say.</summary>
    public Networks.BackboneOptions Options { get; init; } = new();

    /// <summary>Stops a download.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Whether nothing is said that only files need.</summary>
    public bool IsPlain => Options == new Networks.BackboneOptions();

    /// <summary>What finds models.</summary>
    public ModelResolver Resolver => new(DataRoot, Cancellation);
}
