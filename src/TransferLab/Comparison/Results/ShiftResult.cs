namespace TransferLab.Comparison;

/// <summary>One run on a test set that differs from the training data.</summary>
/// <param name="Name">Name of the test.</param>
/// <param name="Severity">How much it differs.</param>
/// <param name="Accuracy">Share that was right.</param>
/// <param name="Predicted">Predicted label of each of its examples.</param>
public sealed record ShiftedRun(string Name, int Severity, double Accuracy, IReadOnlyList<int> Predicted);

/// <summary>One strategy on a test set that differs from the training data.</summary>
public sealed record ShiftResult
{
    /// <summary>What was done: <c>blur</c>, <c>typos</c> and so on, or the name of the second test set.</summary>
    public required string Name { get; init; }

    /// <summary>How much, 1 for little; 0 for a test set of its own.</summary>
    public required int Severity { get; init; }

    /// <summary>What was done in words and figures.</summary>
    public required string Description { get; init; }

    /// <summary>Examples of this test.</summary>
    public required int Tests { get; init; }

    /// <summary>Accuracy with its 95 % interval over examples and seeds.</summary>
    public required Estimate Accuracy { get; init; }

    /// <summary>Accuracy of every seed.</summary>
    public required IReadOnlyList<double> Accuracies { get; init; }

    /// <summary>Accuracy here minus accuracy on the test as it is, paired example by example; null where the examples are others.</summary>
    public Estimate? Change { get; init; }
}
