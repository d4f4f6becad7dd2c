using TransferLab.Data;
using TransferLab.Networks;

namespace TransferLab.Cli;

/// <summary>What is compared: data, the backbones at the input sizes that suit them, and those sizes in words.</summary>
internal sealed record CompareTask(LabeledData Data, IReadOnlyList<Backbone> Backbones, IReadOnlyList<string> Inputs)
{
    /// <summary>Tests that differ from the training data.</summary>
    public IReadOnlyList<ShiftedTest> Shifted { get; init; } = [];

    /// <summary>Data of another task, to measure what is forgotten; null where that was not asked for.</summary>
    public LabeledData? Other { get; init; }
}
