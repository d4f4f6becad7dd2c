namespace TransferLab.Strategies;

/// <summary>One way to get a model for a task: a row of the comparison. A value; it does nothing by itself.</summary>
public abstract record Strategy
{
    /// <summary>Name, as <c>--strategies</c> takes it and reports show it.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, in one sentence.</summary>
    public required string Description { get; init; }

    /// <summary>Draws a variation from the strategy's own search space; null where there is nothing to tune.</summary>
    internal virtual Strategy? Vary(Random random) => null;

    /// <summary>What a variation changes, in words.</summary>
    internal virtual string Difference(Strategy variation) => "";
}
