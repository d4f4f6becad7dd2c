using System.Text.Json.Serialization;

namespace TransferLab.Strategies;

/// <summary>One way to get a model for a task: a row of the comparison. A value; it does nothing by itself.</summary>
public abstract record Strategy
{
    private readonly StrategyRole? _role;

    /// <summary>Name, as <c>--strategies</c> takes it and reports show it.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, in one sentence.</summary>
    public required string Description { get; init; }

    /// <summary>What it is in a comparison. Where nobody says, its kind and its start decide.</summary>
    [JsonIgnore] // It decides what is said of a run, and nothing in it.
    public StrategyRole Role
    {
        get => _role ?? UsualRole;
        init => _role = Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Role), value, "A role is transfer, control, baseline or own.");
    }

    /// <summary>The role where nobody says.</summary>
    private protected virtual StrategyRole UsualRole => StrategyRole.Own;

    /// <summary>Whether the backbone has any part in it; of strategies without one a comparison of several backbones has one row.</summary>
    internal virtual bool UsesBackbone => true;

    /// <summary>Whether it starts from the pretrained weights and moves them.</summary>
    internal virtual bool MovesPretrained => false;

    /// <summary>Draws a variation from the strategy's own search space; null where there is nothing to tune.</summary>
    internal virtual Strategy? Vary(Random random) => null;

    /// <summary>What a variation changes, in words.</summary>
    internal virtual string Difference(Strategy variation) => "";
}
