using System.Text.Unicode;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using TransferLab.Data;

namespace TransferLab.ChatData;

/// <summary>
/// HTML pages: a heading that asks, with what stands under it (tables and lists included), is a question and its answer. Menus, scripts, forms and footers are
/// left out. Pages that ask nothing become plain text.
/// </summary>
public static class HtmlQuestions
{
    private const long MostBytes = 64L << 20;

    private static readonly string[] s_extensions = [".html", ".htm", ".xhtml"];
    private static readonly string[] s_askingWords = ["how", "what", "why", "when", "where", "who", "which", "can", "could", "do", "does", "is", "are",
        "should", "may", "must", "will"];

    // These ask without a mark too: "How to return a parcel", "What is a router".
    private static readonly string[] s_askingStarts = ["how to ", "how do ", "how can ", "how does ", "what is ", "what are ", "what to do ", "why do ",
        "why does ", "why is ", "where do ", "where can ", "where to ", "when to ", "who can "];

    /// <summary>Whether a file is read as a page.</summary>
    public static bool IsPage(string path) => s_extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads a page, or all pages of a folder and the folders in it, in the order of their names.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="cancellation">Stops between pages.</param>
    /// <exception cref="DataException">No such place, no page in it, or a page that cannot be read.</exception>
    public static MadeChat Read(string path, CancellationToken cancellation = default)
    {
        bool isFolder = Directory.Exists(path);
        string[] files = isFolder
            ? [.. Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)]
            : File.Exists(path) ? [path] : throw new DataException($"{path} does not exist.");
        Losses losses = new();
        foreach (string other in files.Where(file => !IsPage(file)))
        {
            losses.Add("files that are no pages", isFolder ? Path.GetRelativePath(path, other) : other);
        }

        files = [.. files.Where(IsPage)];
        if (files.Length == 0)
        {
            throw new DataException($"{path} has no page; pages are {string.Join(", ", s_extensions)} files.");
        }

        List<Conversation> made = [];
        List<string> corpus = [];
        HashSet<(string, string)> seen = [];
        foreach (string file in files)
        {
            cancellation.ThrowIfCancellationRequested();
            string name = isFolder ? Path.GetRelativePath(path, file) : file;
            Take(Blocks(file, name, losses), name, made, corpus, seen, losses);
        }

        return new(files.Length, made, losses.ToList()) { Corpus = corpus };
    }

    /// <summary>Whether a heading asks: it ends in a question mark, or begins as a question does.</summary>
    internal static bool IsQuestion(string heading)
    {
        string text = heading.Trim();
        return text.Length > 3 && (text[^1] is '?' or '\uFF1F' or '\u061F' or '\u037E'
            ? text.Contains(' ', StringComparison.Ordinal) || text.Length > 8 || s_askingWords.Contains(text[..^1], StringComparer.OrdinalIgnoreCase)
                || text.Any(c => c > '\u2E7F')
            : s_askingStarts.Any(start => text.StartsWith(start, StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>A page's headings and texts.</summary>
    /// <param name="file">The page.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="losses">Counts what is left out.</param>
    internal static IReadOnlyList<PageBlock> Blocks(string file, string name, Losses losses)
    {
        try
        {
            if (new FileInfo(file).Length > MostBytes)
            {
                throw new DataException($"{file} is larger than {MostBytes >> 20} MB; split it.");
            }

            byte[] bytes = File.ReadAllBytes(file);
            using MemoryStream stream = new(bytes);
            using IDocument page = new HtmlParser().ParseDocument(stream);
            if (page.CharacterSet.Equals("utf-8", StringComparison.OrdinalIgnoreCase) && !Utf8.IsValid(bytes))
            {
                throw new DataException(
                    $"{file}: has bytes that are not UTF-8, and names no other charset; save it as UTF-8, or name its own in a <meta charset>.");
            }

            PageBlocks blocks = new();
            IReadOnlyList<PageBlock> found = blocks.Of(page);
            for (int i = 0; i < blocks.Dropped; i++)
            {
                losses.Add("menus, scripts, forms and footers", name);
            }

            return found;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{file} cannot be read: {e.Message}", e);
        }
        catch (InsufficientExecutionStackException e)
        {
            throw new DataException($"{file} nests elements too deeply to be read; take it out.", e);
        }
    }

    private static void Take(IReadOnlyList<PageBlock> blocks, string name, List<Conversation> made, List<string> corpus, HashSet<(string, string)> seen,
        Losses losses)
    {
        bool asks = false;
        int outside = 0;
        for (int i = 0; i < blocks.Count;)
        {
            PageBlock block = blocks[i++];
            if (block.Level == 0 || !IsQuestion(block.Text))
            {
                outside += block.Level == 0 ? 1 : 0;
                continue;
            }

            asks = true;
            List<string> answer = [];
            for (; i < blocks.Count && (blocks[i].Level == 0 || (blocks[i].Level > block.Level && !IsQuestion(blocks[i].Text))); i++)
            {
                answer.Add(blocks[i].Text);
            }

            string text = Joined(answer);
            if (text.Length == 0)
            {
                losses.Add("questions with nothing under them", $"{name}: {block.Text}");
            }
            else if (!seen.Add((block.Text, text)))
            {
                losses.Add("questions that repeat another with its answer", $"{name}: {block.Text}");
            }
            else
            {
                made.Add(new([new(Role.User, block.Text), new(Role.Assistant, text)]));
            }
        }

        if (asks && outside > 0)
        {
            losses.Add("pages with texts outside of their questions", name);
        }

        string whole = asks ? "" : Joined(blocks.Select(block => block.Text));
        if (whole.Length > 0)
        {
            corpus.Add(whole);
        }
        else if (!asks)
        {
            losses.Add("pages without text", name);
        }
    }

    /// <summary>Paragraphs with an empty line between; the items of a list without.</summary>
    private static string Joined(IEnumerable<string> blocks)
    {
        string text = "";
        bool wasItem = false;
        foreach (string block in blocks.Where(block => block.Length > 0))
        {
            bool isItem = block.StartsWith("- ", StringComparison.Ordinal) || (char.IsAsciiDigit(block[0]) && block.Split(' ', 2)[0].EndsWith('.'));
            text += (text.Length == 0 ? "" : isItem && wasItem ? "\n" : "\n\n") + block;
            wasItem = isItem;
        }

        return text;
    }
}
