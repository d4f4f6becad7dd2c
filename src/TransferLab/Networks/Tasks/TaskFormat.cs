using TransferLab.Networks.Weights;

namespace TransferLab.Networks;

/// <summary>How a task is found in a model file again: the counterpart of <see cref="PredictionTask.AddTo"/>.</summary>
/// <param name="Name">The task's <see cref="PredictionTask.Name"/>.</param>
/// <param name="Read">Makes it from a file's metadata; throws <see cref="WeightsException"/> where that is damaged.</param>
public sealed record TaskFormat(string Name, Func<IReadOnlyDictionary<string, string>, PredictionTask> Read);
