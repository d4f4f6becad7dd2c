using TransferLab.Data;
using TransferLab.Models;

namespace TransferLab.Chat.Tests;

/// <summary>Finds passages by the words that they share with a question.</summary>
internal sealed class Words(IReadOnlyList<Passage> passages) : IPassageRetriever
{
    public string Name => "words";

    public IReadOnlyList<Passage> Passages => passages;

    public static Words Open(string folder) =>
        new([.. File.ReadAllLines(Path.Combine(folder, "words.tsv")).Select(line => line.Split('\t'))
            .Select(parts => new Passage(parts[0], parts[1], parts[2]))]);

    public void Save(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllLines(Path.Combine(folder, "words.tsv"), passages.Select(passage => $"{passage.Id}\t{passage.Source}\t{passage.Text}"));
    }

    public IReadOnlyList<RetrievedPassage> Retrieve(string question, int count) =>
        [.. passages.Select(passage => new RetrievedPassage(passage, Split(question).Intersect(Split(passage.Text)).Count()))
            .OrderByDescending(found => found.Score).Take(count)];

    private static string[] Split(string text) => text.ToLowerInvariant().Split([' ', '.', '?', ',', '<', '>'], StringSplitOptions.RemoveEmptyEntries);
}
