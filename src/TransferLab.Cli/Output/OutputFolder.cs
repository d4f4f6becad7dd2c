using System.Text.Json;
using TransferLab.Comparison;
using TransferLab.Data;
using TransferLab.Runtime;

namespace TransferLab.Cli;

/// <summary>
/// The folder of a comparison while a command works in it. It belongs to one data set and, until it is disposed, to one process; what a killed process left
/// half-written in it is removed.
/// </summary>
internal sealed class OutputFolder : IDisposable
{
    /// <summary>The folder that holds a folder a data set, where none is named.</summary>
    public const string DefaultRoot = "transferlab-out";

    private const string ResultsName = "results.json", RunsName = "runs";
    private const long ReportBytes = 16 << 20;

    // The rest, such as n5 and n10 of a learning curve, is of this kind too; inputs are not looked for in them.
    private static readonly string[] s_parts = [RunsName, "predictions", "models", ResultsName, "report.html"];
    private readonly string _what;
    private readonly FileStream _lock;

    private OutputFolder(string what, string path, FileStream held) => (_what, Path, _lock) = (what, path, held);

    /// <summary>The folder.</summary>
    public string Path { get; }

    private string OwnerPath => System.IO.Path.Combine(Path, RunsName, "data.json");

    /// <summary>The folder of a data set where none is named.</summary>
    /// <param name="source">The data set's folder or file.</param>
    public static string Default(string source)
    {
        string full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(source));
        string name = Directory.Exists(full) ? System.IO.Path.GetFileName(full) : System.IO.Path.GetFileNameWithoutExtension(full);
        return System.IO.Path.Combine(DefaultRoot, name.Length > 0 ? name : "data");
    }

    /// <summary>Takes a folder: makes it, looks whether it can be written to, and locks it.</summary>
    /// <param name="option">The option that names it, for messages.</param>
    /// <param name="path">The folder.</param>
    /// <param name="inputs">What the command reads.</param>
    /// <returns>The caller disposes it.</returns>
    /// <exception cref="ArgumentException">It is a file, an input or in one, or cannot be written to.</exception>
    /// <exception cref="IOException">Another process works in it, or there is no room.</exception>
    public static OutputFolder Open(string option, string path, Inputs inputs)
    {
        string what = $"{option} {path}";
        if (path.Length == 0 || File.Exists(path))
        {
            throw new ArgumentException($"{what}: is a file; name a folder.");
        }

        inputs.CheckFolder(option, path, s_parts);
        OutputPlace.CheckWritable(what, path);
        OutputPlace.CheckSpace(what, path, ReportBytes);
        OutputPlace.CheckTemporary();
        OutputFolder folder = new(what, path, Lock(what, path));
        WholeFile.RemoveLeftovers(path);
        foreach (string part in Directory.GetDirectories(path).Where(IsOurs).SelectMany(part => Directory.GetDirectories(part).Append(part)))
        {
            WholeFile.RemoveLeftovers(part);
        }

        return folder;
    }

    /// <summary>Gives the folder to a data set, or refuses it.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="kind"><c>image</c> or <c>text</c>.</param>
    /// <param name="replace">Whether what is there of another data set is removed.</param>
    /// <exception cref="DataException">It holds the comparison of another one.</exception>
    public void BelongTo(LabeledData data, string kind, bool replace)
    {
        Owner mine = new(data.Name, kind, data.Hash);
        if (FindOwner() is { } owner && (owner.Hash != mine.Hash || owner.Kind != mine.Kind))
        {
            if (!replace)
            {
                string other = owner.Name == mine.Name && owner.Kind == mine.Kind
                    ? $"{owner.Name} with other {owner.Kind}s in it"
                    : $"{owner.Name} ({owner.Kind}s)";
                throw new DataException(
                    $"{_what}: holds a comparison of {other}, and a folder belongs to one data set; name another folder with --out, or remove that comparison "
                        + $"with --replace.");
            }

            Empty();
        }

        WholeFile.Write(OwnerPath, stream => JsonSerializer.Serialize(stream, mine));
    }

    /// <summary>Sees to it that there is room for models that are not there yet.</summary>
    /// <param name="models">The names of their files, without extension, and what each may take, all its forms together.</param>
    /// <exception cref="IOException">There is not.</exception>
    public void CheckSpace(IEnumerable<(string Name, long Bytes)> models)
    {
        long needed = models.Where(model => !File.Exists(System.IO.Path.Combine(Path, "models", model.Name + ".safetensors"))).Sum(model => model.Bytes);
        OutputPlace.CheckSpace(_what, Path, needed + ReportBytes);
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    // The file stays: if it went, two processes could each hold a lock on one of that name.
    private static FileStream Lock(string what, string path)
    {
        string file = System.IO.Path.Combine(Directory.CreateDirectory(System.IO.Path.Combine(path, RunsName)).FullName, "lock");
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        }
        catch (IOException e)
        {
            throw new IOException($"{what}: another process of transferlab works in this folder; wait until it is done, or name another folder.", e);
        }
    }

    private Owner? FindOwner()
    {
        try
        {
            if (File.Exists(OwnerPath))
            {
                using FileStream stream = File.OpenRead(OwnerPath);
                return JsonSerializer.Deserialize<Owner>(stream);
            }

            if (!File.Exists(System.IO.Path.Combine(Path, ResultsName)))
            {
                return null;
            }

            DataSummary summary = ResultsFile.Read(System.IO.Path.Combine(Path, ResultsName)).Data; // Of a version that kept no owner.
            return new(summary.Name, summary.Kind, summary.Hash);
        }
        catch (Exception e) when (e is JsonException or DataException)
        {
            return new("something else", "unknown file", "");
        }
    }

    private void Empty()
    {
        foreach (string part in s_parts.Select(part => System.IO.Path.Combine(Path, part)).Concat(Directory.GetDirectories(Path).Where(IsOurs)).Distinct())
        {
            if (File.Exists(part))
            {
                File.Delete(part);
            }
            else if (System.IO.Path.GetFileName(part) == RunsName)
            {
                foreach (string run in Directory.GetFiles(part).Where(run => System.IO.Path.GetFileName(run) != "lock"))
                {
                    File.Delete(run);
                }

                foreach (string tuned in Directory.GetDirectories(part))
                {
                    Directory.Delete(tuned, recursive: true);
                }
            }
            else if (Directory.Exists(part))
            {
                Directory.Delete(part, recursive: true);
            }
        }
    }

    /// <summary>Whether a folder in it is one that comparisons make: of runs, predictions and models, or of a size of a learning curve.</summary>
    private static bool IsOurs(string folder)
    {
        string name = System.IO.Path.GetFileName(folder);
        return s_parts.Contains(name) || (name.Length > 1 && name[0] == 'n' && name.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0
            && Directory.Exists(System.IO.Path.Combine(folder, RunsName)));
    }

    private sealed record Owner(string Name, string Kind, string Hash);
}
