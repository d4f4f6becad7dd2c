using TransferLab.Data;

namespace TransferLab.Comparison;

/// <summary>What a trained model is given beside each test example. A model is trained once a seed and tested in every context, each of which is a
/// row.</summary>
public sealed record TestContext
{
    /// <summary>Nothing: the examples as they are.</summary>
    public static TestContext None { get; } = new() { Name = "" };

    /// <summary>Its name, which rows and files carry after a <c>+</c>; empty for none.</summary>
    public required string Name { get; init; }

    /// <summary>Makes of a test example what the model is asked instead; null for the example itself. What it makes of an example must always be the same; the
    /// label is not looked at.</summary>
    public Func<Example, Example>? Apply { get; init; }

    /// <summary>The examples in this context.</summary>
    internal IReadOnlyList<Example> Of(IReadOnlyList<Example> examples) => Apply is null ? examples : [.. examples.Select(Of)];

    // A hash names what the example held before: kept features would be found by it.
    private Example Of(Example example) => Apply!(example) is var given && given.Source != example.Source && given.Hash == example.Hash
        ? given with { Hash = "" }
        : given;
}
