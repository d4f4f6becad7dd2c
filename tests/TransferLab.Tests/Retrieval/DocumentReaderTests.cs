using System.Text;
using TransferLab.Data;
using TransferLab.Retrieval;
using TransferLab.Tests.Reporting;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Fonts.Standard14Fonts;
using UglyToad.PdfPig.Writer;

namespace TransferLab.Tests.Retrieval;

/// <summary>Files of every kind become passages that a person can look up.</summary>
public sealed class DocumentReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_kind_of_file_becomes_passages_with_their_source()
    {
        Write("a.md", "# Handbook\nWelcome.\n\n## Returns\nWithin 30 days.\n\nFree of charge.\n\n## Post\nBy noon.");
        Write("b.csv", "question,answer\nWhen?,\"9 to 5, daily\"\n");
        Write("c.jsonl", "{\"text\": \"One line.\"}\n{\"text\": \"Another.\"}\n");
        Write("d.txt", "First paragraph\nover two lines.\n");
        Write("sub/e.html", "<html><body><nav>Menu</nav><main><h1>Page</h1><p>Body.</p></main><footer>Foot</footer></body></html>");
        Pdf("f.pdf", "Printed words.");

        DocumentPassages read = DocumentReader.Read(_folder.Path);

        Assert.Equal(6, read.Documents);
        Assert.Equal(
        [
            "a.md#1|a.md|Handbook\nWelcome.", "a.md#2|a.md|Handbook > Returns\nWithin 30 days.\nFree of charge.", "a.md#3|a.md|Handbook > Post\nBy noon.",
            "b.csv#1|b.csv, line 2|question: When?\nanswer: 9 to 5, daily", "c.jsonl#1|c.jsonl, line 1|One line.", "c.jsonl#2|c.jsonl, line 2|Another.",
            "d.txt#1|d.txt|First paragraph\nover two lines.", "f.pdf#1|f.pdf, page 1|Printed words.", "sub/e.html#1|sub/e.html|Page\nBody.",
        ],
        read.Passages.Select(passage => $"{passage.Id}|{passage.Source}|{passage.Text}"));
    }

    [Fact]
    public void What_is_not_read_is_counted_and_named()
    {
        Write("a.txt", "Words.");
        Write("b.txt", "Words.");
        Write("c.txt", " \n");
        Write("d.exe", "MZ");

        DocumentPassages read = DocumentReader.Read(_folder.Path);

        Assert.Single(read.Passages);
        Assert.Equal(["documents without text: 1 (c.txt)", "files of a kind that is not read: 1 (d.exe)",
            "passages that repeat another word for word: 1 (b.txt)"],
            read.LeftOut.Select(left => left.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Long_paragraphs_are_cut_between_sentences_and_nothing_is_lost()
    {
        string[] sentences = [.. Enumerable.Range(0, 40).Select(i => $"Sentence number {i} has seven words here.")];
        Write("a.txt", string.Join(' ', sentences));

        IReadOnlyList<Passage> passages = DocumentReader.Read(_folder.Path, new() { MostWords = 50 }).Passages;

        Assert.Equal(sentences, string.Join(' ', passages.Select(passage => passage.Text)).Split(". ").Select(text => text.TrimEnd('.') + "."));
        Assert.All(passages, passage => Assert.True(passage.Text.EndsWith('.') && passage.Text.Split(' ').Length is >= 35 and <= 50));
    }

    [Fact]
    public void Scripts_without_blanks_are_measured_by_characters_and_endless_words_are_cut()
    {
        string chinese = string.Concat(Enumerable.Range(0, 30).Select(i => $"第{(char)('一' + i)}个城市是首都。")),
            words = string.Join(' ', Enumerable.Range(0, 95).Select(i => $"word{i}"));
        Write("a.txt", chinese);
        Write("b.txt", words);

        ILookup<string, string> texts = DocumentReader.Read(_folder.Path, new() { MostWords = 20 }).Passages.ToLookup(passage => passage.Source, passage =>
            passage.Text);

        Assert.Equal(chinese, string.Concat(texts["a.txt"]));
        Assert.All(texts["a.txt"], text => Assert.True(text.Length <= 45 && text.EndsWith('。')));
        Assert.Equal([20, 20, 20, 20, 15], texts["b.txt"].Select(text => text.Split(' ').Length));
        Assert.Equal(words, string.Join(' ', texts["b.txt"]));
    }

    [Fact]
    public void One_column_of_a_table_can_be_the_text()
    {
        Write("a.csv", "id,body\n1,Here\n2,There\n");

        Assert.Equal(["Here", "There"], DocumentReader.Read(Path.Combine(_folder.Path, "a.csv"), new() { TextColumn = "body" }).Passages.Select(passage =>
            passage.Text));
        Assert.Contains("'id', 'body'", Refusal(new() { TextColumn = "text" }), StringComparison.Ordinal);
    }

    [Fact]
    public void Faults_are_told_in_one_line()
    {
        Assert.Contains("holds no document", Refusal(), StringComparison.Ordinal);
        Write("a.txt", " ");
        Assert.Contains("holds no text", Refusal(), StringComparison.Ordinal);
        Write("b.pdf", "%PDF-1.4 and nothing more");
        Assert.Contains("no PDF that can be read", Refusal(), StringComparison.Ordinal);
        File.Delete(Path.Combine(_folder.Path, "b.pdf"));
        File.WriteAllBytes(Path.Combine(_folder.Path, "c.txt"), [(byte)'a', 0xE9, (byte)'b']);
        Assert.Contains("not valid UTF-8", Refusal(), StringComparison.Ordinal);
        Assert.Contains("does not exist", Assert.Throws<DataException>(() => DocumentReader.Read(Path.Combine(_folder.Path, "none"))).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => DocumentReader.Read(_folder.Path, new() { MostWords = 1 }));
    }

    private string Refusal(PassageOptions? options = null)
    {
        string message = Assert.Throws<DataException>(() => DocumentReader.Read(_folder.Path, options)).Message;
        Assert.DoesNotContain('\n', message);
        return message;
    }

    private void Write(string name, string text)
    {
        string path = Path.Combine(_folder.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text, new UTF8Encoding(false));
    }

    private void Pdf(string name, string text)
    {
        using PdfDocumentBuilder builder = new();
        builder.AddPage(200, 200).AddText(text, 12, new PdfPoint(20, 100), builder.AddStandard14Font(Standard14Font.Helvetica));
        File.WriteAllBytes(Path.Combine(_folder.Path, name), builder.Build());
    }
}
