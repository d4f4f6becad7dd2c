using System.Globalization;
using TransferLab.Data;
using TransferLab.Models;

namespace TransferLab.Comparison;

/// <summary>The files that a run leaves in the output folder: predictions of every row, and the model of the first seed.</summary>
/// <param name="folder">The output folder.</param>
internal sealed class RunFiles(string folder)
{
    /// <summary>Writes what a model said about the test.</summary>
    public StoredFile WritePredictions(string stem, int seed, IReadOnlyList<Example> test, Predictions predictions, IReadOnlyList<string> classes)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"predictions/{stem}-seed{seed}.csv");
        PredictionFile.Write(Path.Combine(folder, path), test, predictions, classes);
        return StoredFile.Of(folder, path);
    }

    /// <summary>Writes the model in its own form, and as ONNX where it has that.</summary>
    /// <returns>The files, and why there is no ONNX file where it could not be written: the other files and strategies are as good as ever.</returns>
    public (IReadOnlyList<StoredFile> Files, string? Refusal) WriteModel(string stem, TrainedModel model)
    {
        if (!model.CanSave)
        {
            return ([], null);
        }

        Directory.CreateDirectory(Path.Combine(folder, "models"));
        string path = $"models/{stem}{model.FileExtension}", onnx = $"models/{stem}.onnx";
        model.Save(Path.Combine(folder, path));
        StoredFile saved = StoredFile.Of(folder, path);
        if (!model.CanExport)
        {
            return ([saved], null);
        }

        try
        {
            model.ExportOnnx(Path.Combine(folder, onnx));
            return ([saved, StoredFile.Of(folder, onnx)], null);
        }
        catch (Exception e) when (e is not (OperationCanceledException or OutOfMemoryException or IOException or UnauthorizedAccessException))
        {
            File.Delete(Path.Combine(folder, onnx)); // Of an earlier run: it would not be this model.
            return ([saved], e.Message.ReplaceLineEndings(" "));
        }
    }
}
