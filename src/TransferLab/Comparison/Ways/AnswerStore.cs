using System.Globalization;
using System.Text.Json;
using TransferLab.Runtime;
using TransferLab.Training;

namespace TransferLab.Comparison;

/// <summary>What of a run under way is kept beside finished ones: the tuned model before it has been asked, and answers before all are there.</summary>
/// <param name="folder">The output folder.</param>
internal sealed class AnswerStore(string folder)
{
    /// <summary>Where a tuned model is until all of its rows are asked.</summary>
    public string TunedFolder(string stem, int seed) => PathOf(stem, seed, ".tuned");

    /// <summary>How it was tuned, if that was finished under the same fingerprint.</summary>
    public TunedRecord? FindTuned(string stem, int seed, string fingerprint) =>
        Read<TunedRecord>(Path.Combine(TunedFolder(stem, seed), "tuned.json")) is { } record && record.Fingerprint == fingerprint ? record : null;

    /// <summary>Keeps how it was tuned: written last, it says that the rest is whole.</summary>
    public void SaveTuned(string stem, int seed, TunedRecord record) => Write(Path.Combine(TunedFolder(stem, seed), "tuned.json"), record);

    /// <summary>The answers of a row that are there.</summary>
    public IReadOnlyList<AnswerResult> FindAnswers(string stem, int seed, string fingerprint) =>
        Read<Part>(PathOf(stem, seed, ".answers.json")) is { } part && part.Fingerprint == fingerprint ? part.Answers : [];

    /// <summary>Keeps answers.</summary>
    public void SaveAnswers(string stem, int seed, string fingerprint, IReadOnlyList<AnswerResult> answers) =>
        Write(PathOf(stem, seed, ".answers.json"), new Part(fingerprint, answers));

    /// <summary>Removes what is kept of a row under way.</summary>
    public void ForgetAnswers(string stem, int seed) => Delete(PathOf(stem, seed, ".answers.json"));

    /// <summary>Removes what is kept of an adaptation under way.</summary>
    public void ForgetTuned(string stem, int seed)
    {
        string tuned = TunedFolder(stem, seed);
        if (Directory.Exists(tuned))
        {
            Directory.Delete(tuned, recursive: true);
        }
    }

    /// <summary>What a mended way answered after a change, if that was finished under the same fingerprint.</summary>
    public StoredMending? FindMending(string stem, string mending, string fingerprint) =>
        Read<StoredMending>(PathOf(stem, 1, $".{mending}.json")) is { } found && found.Fingerprint == fingerprint ? found : null;

    /// <summary>Keeps what a mended way answered.</summary>
    public void SaveMending(string stem, string mending, StoredMending found) => Write(PathOf(stem, 1, $".{mending}.json"), found);

    /// <summary>Removes what mended ways answered.</summary>
    public void ForgetMendings(string stem)
    {
        foreach (string mending in Enum.GetNames<Mending>().Append("Conflict"))
        {
            Delete(PathOf(stem, 1, $".{mending}.json"));
            ForgetAnswers($"{stem}.{mending}", 1);
            ForgetTuned($"{stem}.{mending}", 1);
        }
    }

    private static void Delete(string path)
    {
        if (File.Exists(path))
        {
            File.Delete(path);
        }
    }

    private string PathOf(string stem, int seed, string extension) =>
        Path.Combine(folder, "runs", string.Create(CultureInfo.InvariantCulture, $"{stem}-seed{seed}{extension}"));

    private static void Write<T>(string path, T value) => WholeFile.Write(path, stream => JsonSerializer.Serialize(stream, value, ResultsFile.Options));

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

    private sealed record Part(string Fingerprint, IReadOnlyList<AnswerResult> Answers);
}

/// <summary>What a way answered after a change.</summary>
/// <param name="Fingerprint">Names all that decided it.</param>
/// <param name="Seconds">Until it could be asked.</param>
/// <param name="Answers">What it answered.</param>
internal sealed record StoredMending(string Fingerprint, double Seconds, IReadOnlyList<AnswerResult> Answers)
{
    /// <summary>What it answered without the passages that it was shown; null where nobody asked.</summary>
    public IReadOnlyList<AnswerResult>? Alone { get; init; }
}

/// <summary>How a model was tuned.</summary>
internal sealed record TunedRecord
{
    /// <summary>Names all that decided it.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Where the time went.</summary>
    public required RunTime Time { get; init; }

    /// <summary>How it went.</summary>
    public required IReadOnlyList<CurvePoint> Curve { get; init; }

    /// <summary>What was chosen, for display.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>Parameters that trained.</summary>
    public required long Trainable { get; init; }

    /// <summary>Rows that could not be used, each with the reason.</summary>
    public IReadOnlyList<string> Dropped { get; init; } = [];

    /// <summary>Largest resident memory while it trained, bytes.</summary>
    public long PeakMemoryBytes { get; init; }

    /// <summary>Tokens that it read, every epoch counted.</summary>
    public long Tokens { get; init; }
}
