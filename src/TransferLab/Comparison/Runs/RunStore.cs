using System.Globalization;
using System.Text.Json;
using TransferLab.Runtime;

namespace TransferLab.Comparison;

/// <summary>
/// Finished runs, trials and checkpoints in the folder <c>runs</c> of a comparison's output, by the stem of a row (of an adaptation where it is about training)
/// and the seed. All files are written whole or not at all.
/// </summary>
/// <param name="folder">The output folder.</param>
internal sealed class RunStore(string folder)
{
    /// <summary>The checkpoint of a run under way.</summary>
    public string CheckpointPath(string stem, int seed) => PathOf(stem, seed, ".checkpoint.safetensors");

    /// <summary>The run, if it was finished under the same fingerprint and its files are still whole.</summary>
    /// <param name="stem">Stem of the row.</param>
    /// <param name="seed">Its seed.</param>
    /// <param name="fingerprint">What must have decided it.</param>
    /// <param name="needsModel">Whether it must have written its model too.</param>
    public StoredRun? Find(string stem, int seed, string fingerprint, bool needsModel) => Read<StoredRun>(PathOf(stem, seed, ".json")) is { } run
        && run.Fingerprint == fingerprint && (run.SavesModel || !needsModel) && run.Written.All(file => file.IsWhole(folder)) ? run : null;

    /// <summary>Keeps a finished run.</summary>
    public void Save(string stem, StoredRun run) => Write(PathOf(stem, run.Result.Seed, ".json"), run);

    /// <summary>Removes a finished run.</summary>
    public void Forget(string stem, int seed)
    {
        if (Directory.Exists(Path.Combine(folder, "runs")))
        {
            File.Delete(PathOf(stem, seed, ".json"));
        }
    }

    /// <summary>Removes what is kept of a run under way.</summary>
    public void ForgetUnfinished(string stem, int seed)
    {
        if (Directory.Exists(Path.Combine(folder, "runs")))
        {
            File.Delete(CheckpointPath(stem, seed));
            File.Delete(PathOf(stem, seed, ".trials.json"));
        }
    }

    /// <summary>The trials of a run under way that are done.</summary>
    public IReadOnlyList<TrialScore> FindTrials(string stem, int seed, string fingerprint) =>
        Read<StoredTrials>(PathOf(stem, seed, ".trials.json")) is { } trials && trials.Fingerprint == fingerprint ? trials.Scores : [];

    /// <summary>Keeps the trials that are done.</summary>
    public void SaveTrials(string stem, int seed, string fingerprint, IReadOnlyList<TrialScore> scores) =>
        Write(PathOf(stem, seed, ".trials.json"), new StoredTrials(fingerprint, scores));

    private string PathOf(string stem, int seed, string extension) =>
        Path.Combine(folder, "runs", string.Create(CultureInfo.InvariantCulture, $"{stem}-seed{seed}{extension}"));

    private static void Write<T>(string path, T value) => WholeFile.Write(path, stream => JsonSerializer.Serialize(stream, value, ResultsFile.Options));

    /// <summary>Reads a file; null where there is none that this version can read.</summary>
    private static T? Read<T>(string path)
        where T : class
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return JsonSerializer.Deserialize<T>(stream, ResultsFile.Options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private sealed record StoredTrials(string Fingerprint, IReadOnlyList<TrialScore> Scores);
}
