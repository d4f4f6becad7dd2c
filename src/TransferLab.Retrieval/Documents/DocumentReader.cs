using System.Globalization;
using TransferLab.ChatData;
using TransferLab.Data;

namespace TransferLab.Retrieval;

/// <summary>
/// Reads documents - plain text, Markdown, HTML pages (without menus, scripts and footers), tables, PDF - into passages. The same files give the same passages
/// with
/// the same names: a file's path within its folder, then the number of the passage in it.
/// </summary>
public static class DocumentReader
{
    private const int MostPassages = 2_000_000;
    private const long MostBytes = 64L << 20;

    private static readonly string[] s_tables = [".csv", ".tsv", ".json", ".jsonl", ".ndjson"], s_plain = [".txt", ".text", ".md", ".markdown"];

    /// <summary>The kinds of files that are read.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [.. s_plain, ".html", ".htm", ".xhtml", .. s_tables, ".pdf"];

    /// <summary>Reads a file, or all files of a folder and the folders in it, in the order of their names.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="options">How they become passages.</param>
    /// <param name="cancellation">Stops between files.</param>
    /// <exception cref="DataException">No such place, nothing in it that is read, a damaged file, or no text at all.</exception>
    public static DocumentPassages Read(string path, PassageOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new();
        options.Validate();
        bool isFolder = Directory.Exists(path);
        string[] all = isFolder ? Files(path) : File.Exists(path) ? [path]
            : throw new DataException($"{path} does not exist; name a file or a folder of documents.");
        Losses losses = new();
        string Name(string file) => (isFolder ? Path.GetRelativePath(path, file) : Path.GetFileName(file)).Replace('\\', '/');
        string[] files = [.. all.Where(IsRead)];
        foreach (string other in all.Except(files))
        {
            losses.Add("files of a kind that is not read", Name(other));
        }

        if (files.Length == 0)
        {
            throw new DataException($"{path} holds no document; those are {string.Join(", ", Extensions)} files.");
        }

        List<Passage> passages = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (string file in files)
        {
            cancellation.ThrowIfCancellationRequested();
            Take(file, Name(file), options, losses, seen, passages);
        }

        return passages.Count > 0 ? new(files.Length, passages, losses.ToList())
            : throw new DataException($"{path} holds no text; name documents with words in them.");
    }

    private static void Take(string file, string name, PassageOptions options, Losses losses, HashSet<string> seen, List<Passage> passages)
    {
        int number = 0, before = passages.Count;
        foreach ((string place, string text) in PassageSplitter.Split(Blocks(file, name, options, losses), options))
        {
            number++;
            string source = place.Length == 0 ? name : $"{name}, {place}";
            if (!seen.Add(text))
            {
                losses.Add("passages that repeat another word for word", source);
                continue;
            }

            passages.Add(new(string.Create(CultureInfo.InvariantCulture, $"{name}#{number}"), source, text));
            if (passages.Count > MostPassages)
            {
                throw new DataException($"{name}: these documents hold more than {MostPassages:N0} passages; index them in parts.");
            }
        }

        if (number == 0)
        {
            losses.Add("documents without text", name);
        }
    }

    private static IEnumerable<DocumentBlock> Blocks(string file, string name, PassageOptions options, Losses losses)
    {
        string extension = Path.GetExtension(file).ToLowerInvariant();
        if (s_tables.Contains(extension))
        {
            return TableBlocks.Read(file, options.TextColumn);
        }

        try
        {
            if (new FileInfo(file).Length is var bytes && bytes > MostBytes)
            {
                throw new DataException($"{file} has {bytes >> 20} MB, and documents have {MostBytes >> 20} MB at most; split it.");
            }

            return extension switch
            {
                ".pdf" => PdfBlocks.Read(file, name, losses),
                _ when HtmlQuestions.IsPage(file) => HtmlQuestions.Blocks(file, name, losses).Select(block => new DocumentBlock(block.Level, block.Text)),
                _ => PlainBlocks.Read(file, isMarkdown: extension is ".md" or ".markdown"),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{file} cannot be read: {e.Message}", e);
        }
    }

    private static bool IsRead(string file) => Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase);

    private static string[] Files(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{folder} cannot be listed: {e.Message}", e);
        }
    }
}
