using System.Globalization;
using System.Text.Json;
using TransferLab.Runtime;

namespace TransferLab.Comparison;

/// <summary>Finished runs, trials and checkpoints in the folder <c>runs</c> of a comparison's output. All files are written whole or not at all.</summary>
/// <param name="folder">The output folder.</param>
internal sealed class RunStore(string folder)
{
    /// <summary>The checkpoint of a run under way.</summary>
    public string CheckpointPath(string strategy, int seed) => PathOf(strategy, seed, ".checkpoint.safetensors");

    /// <summary>The run, if it was finished under the same fingerprint and its files are still there.</summary>
    public StoredRun? Find(string strategy, int seed, string fingerprint) =>
        Read<StoredRun>(PathOf(strategy, seed, ".json")) is { } run && run.Fingerprint == fingerprint && run.Files.All(file => File.Exists(Path.Combine(folder, file))) ? run : null;

    /// <summary>Keeps a finished run; what was kept of it on the way goes.</summary>
    public void Save(string strategy, StoredRun run)
    {
        Write(PathOf(strategy, run.Result.Seed, ".json"), run);
        ForgetUnfinished(strategy, run.Result.Seed);
    }

    /// <summary>Removes what is kept of a run.</summary>
    public void Forget(string strategy, int seed)
    {
        if (Directory.Exists(Path.Combine(folder, "runs")))
        {
            File.Delete(PathOf(strategy, seed, ".json"));
            ForgetUnfinished(strategy, seed);
        }
    }

    /// <summary>The trials of a run under way that are done.</summary>
    public IReadOnlyList<TrialScore> FindTrials(string strategy, int seed, string fingerprint) =>
        Read<StoredTrials>(PathOf(strategy, seed, ".trials.json")) is { } trials && trials.Fingerprint == fingerprint ? trials.Scores : [];

    /// <summary>Keeps the trials that are done.</summary>
    public void SaveTrials(string strategy, int seed, string fingerprint, IReadOnlyList<TrialScore> scores) =>
        Write(PathOf(strategy, seed, ".trials.json"), new StoredTrials(fingerprint, scores));

    private void ForgetUnfinished(string strategy, int seed)
    {
        File.Delete(CheckpointPath(strategy, seed));
        File.Delete(PathOf(strategy, seed, ".trials.json"));
    }

    private string PathOf(string strategy, int seed, string extension) =>
        Path.Combine(folder, "runs", string.Create(CultureInfo.InvariantCulture, $"{strategy}-seed{seed}{extension}"));

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
