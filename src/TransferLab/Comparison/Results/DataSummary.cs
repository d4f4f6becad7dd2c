using TransferLab.Networks;

namespace TransferLab.Comparison;

/// <summary>What was trained and tested on.</summary>
public sealed record DataSummary
{
    /// <summary>Name of the data set.</summary>
    public required string Name { get; init; }

    /// <summary><c>image</c>, <c>text</c> or <c>question</c>.</summary>
    public required InputKind Kind { get; init; }

    /// <summary>SHA-256 over all examples.</summary>
    public required string Hash { get; init; }

    /// <summary>Class names in label order.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Training examples that each run used.</summary>
    public required int TrainExamples { get; init; }

    /// <summary>Training examples per class that were drawn, where the number was limited.</summary>
    public int? TrainPerClass { get; init; }

    /// <summary>Test examples.</summary>
    public required int TestExamples { get; init; }

    /// <summary>What a person should know about the data, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
