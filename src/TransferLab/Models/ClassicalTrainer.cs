using TransferLab.Data;
using TransferLab.Training;
namespace TransferLab.Models;
internal static class ClassicalTrainer { public static Fitted Fit(IReadOnlyList<Example> train, IReadOnlyList<string> classes, int seed, IProgress<TrainingProgress>? progress, CancellationToken cancellation) => throw new NotSupportedException(); }
