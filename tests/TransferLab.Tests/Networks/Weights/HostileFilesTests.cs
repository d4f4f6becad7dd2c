using System.Text;
using TransferLab.Networks.Weights;

namespace TransferLab.Tests.Networks.Weights;

public sealed class HostileFilesTests : IDisposable
{
    private const string Begin = "<!-- hostile files -->";
    private readonly string folder = Directory.CreateTempSubdirectory("transferlab-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>TRANSFERLAB_ACCEPT_API=1 writes the table anew.</summary>
    [Fact]
    public void Every_kind_of_hostile_file_gets_the_one_line_that_the_document_shows()
    {
        StringBuilder table = new($"{Begin}\n\n| File | What is wrong | What is said |\n|---|---|---|\n");
        foreach (var (format, kind, bytes) in HostileFiles.All())
        {
            string path = Path.Combine(folder, "FILE");
            File.WriteAllBytes(path, bytes);
            string message = Assert.Throws<WeightsException>(() => WeightFile.Open(path)).Message;
            Assert.StartsWith(path, message);
            table.Append($"| {format} | {kind} | `{message.Replace(path, "FILE", StringComparison.Ordinal)}` |\n");
        }

        string document = Path.Combine(RepositoryRoot.Path, "docs/weights.md");
        string text = File.ReadAllText(document).ReplaceLineEndings("\n");
        int start = text.IndexOf(Begin, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("TRANSFERLAB_ACCEPT_API") == "1")
        {
            File.WriteAllText(document, text[..start] + table);
        }
        else
        {
            Assert.Equal(table.ToString(), text[start..]);
        }
    }
}
