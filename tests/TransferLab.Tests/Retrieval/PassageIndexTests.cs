using Microsoft.Extensions.AI;
using TransferLab.Data;
using TransferLab.Retrieval;
using TransferLab.Tests.Reporting;

namespace TransferLab.Tests.Retrieval;

/// <summary>What an index finds, how it changes, and what lies on disk.</summary>
public sealed class PassageIndexTests : IDisposable
{
    private static readonly Passage[] s_passages =
    [
        new("tower", "paris.txt", "The Eiffel Tower was built in 1889 by the company of Gustave Eiffel."),
        new("river", "paris.txt", "The river Seine flows through the city."),
        new("fox", "animals.txt, line 1", "Foxes hunt mice at night; a fox's den lies under roots."),
        new("hangul", "한글.txt", "한글은 세종대왕이 1443년에 만들었다."),
        new("seoul", "한글.txt", "서울은 대한민국의 수도이며 한강이 흐른다."),
        new("beijing", "zh.txt", "北京是中国的首都。"),
        new("thai", "th.txt", "กรุงเทพมหานครเป็นเมืองหลวงของประเทศไทย"),
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Who built the tower?", "tower")]
    [InlineData("Where do foxes live? In dens.", "fox")] // Stemmed: "dens" finds "den".
    [InlineData("한글을 만든 왕은 누구인가?", "hangul")] // No word is the same: the particles differ.
    [InlineData("대한민국 수도는 어디입니까?", "seoul")]
    [InlineData("中国首都", "beijing")]
    [InlineData("เมืองหลวงของไทย", "thai")]
    public void Words_are_found_by_the_ways_of_their_script(string question, string expected)
    {
        using PassageIndex index = Made();

        Assert.Equal(expected, index.Bm25.Retrieve(question, 3)[0].Passage.Id);
        Assert.Same(index.Bm25, index.Best);
        Assert.Null(index.Dense);
    }

    // One term in one of three documents of one term each: ln(1 + (3 - 1 + .5) / (1 + .5)), times 1 (k1 + 1) / (1 + k1).
    [Fact]
    public void Scores_are_those_of_BM25()
    {
        using PassageIndex index = new(new() { IsEnglish = false });
        index.Add([new("a", "", "one"), new("b", "", "three"), new("c", "", "five")]);

        RetrievedPassage found = Assert.Single(index.Bm25.Retrieve("three", 3));

        Assert.Equal(Math.Log(1 + (2.5 / 1.5)), found.Score, 1e-6);
        Assert.Empty(index.Bm25.Retrieve("seven", 3));
        Assert.Empty(index.Bm25.Retrieve("?!", 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Bm25.Retrieve("three", 0));
    }

    [Fact]
    public void An_index_that_was_added_to_and_deleted_from_finds_as_one_made_at_once()
    {
        using PassageIndex made = Made(), changed = new(new() { IsEnglish = true });
        Assert.Empty(changed.Bm25.Retrieve("tower", 1));
        changed.Add([new("old", "old.txt", "The tower and the river and the fox."), s_passages[0] with { Text = "To be replaced" },
            new("older", "old.txt, line 2", "Seine")]);
        Assert.Equal(2, changed.RemoveSource("old.txt"));
        Assert.Equal(0, changed.Remove(["old", "nothing"]));
        changed.Add(s_passages);

        Assert.Equal(s_passages.Length, changed.Count);
        foreach (string question in (string[])["Who built the tower in the city?", "한강", "fox river"])
        {
            Assert.Equal(made.Bm25.Retrieve(question, 5), changed.Bm25.Retrieve(question, 5));
        }
    }

    [Fact]
    public void A_saved_index_finds_the_same_and_can_be_changed()
    {
        string folder = Path.Combine(_folder.Path, "index");
        using Letters letters = new();
        using PassageIndex index = Made(letters);
        index.Save(folder);
        using PassageIndex opened = PassageIndex.Open(folder, new() { Embeddings = letters });

        Assert.Equal(s_passages, opened.Passages);
        Assert.Equal(index.Fused!.Retrieve("the tower", 5), opened.Fused!.Retrieve("the tower", 5));
        Assert.Equal("fused", opened.Best.Name);

        opened.Remove(["tower"]);
        opened.Save(folder);
        opened.Add([new("new", "new.txt", "A new one.")]);
        using PassageIndex again = PassageIndex.Open(folder); // Words alone do without the embeddings.
        Assert.Equal(s_passages[1..], again.Passages);
        Assert.Contains("open it with them", Assert.Throws<InvalidOperationException>(() => again.Add([new("x", "", "x")])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Meaning_and_words_are_fused_by_their_ranks()
    {
        using Letters letters = new();
        using PassageIndex index = new(new() { Embeddings = letters });
        index.Add([new("a", "", "aaab"), new("b", "", "bbbb"), new("c", "", "abab question")]);

        Assert.Equal(["a", "c", "b"], index.Dense!.Retrieve("aaaa", 3).Select(found => found.Passage.Id));
        Assert.Equal(3 / Math.Sqrt(10), index.Dense.Retrieve("aaaa", 1)[0].Score, 1e-6);

        // By letters c, a and b stand 1, 2 and 3 or so; by words c alone is found: 1/61 + 1/(60 + its rank).
        IReadOnlyList<RetrievedPassage> dense = index.Dense.Retrieve("question", 3), fused = index.Fused!.Retrieve("question", 3);
        int rank = dense.Select(found => found.Passage.Id).ToList().IndexOf("c") + 1;
        Assert.Equal("c", fused[0].Passage.Id);
        Assert.Equal((1.0 / 61) + (1.0 / (60 + rank)), fused[0].Score, 1e-12);
    }

    [Fact]
    public void Damage_and_foreign_folders_are_told_in_one_line()
    {
        string folder = Path.Combine(_folder.Path, "index");
        using Letters letters = new();
        using PassageIndex index = Made(letters);
        index.Save(folder);
        Assert.Contains("made with the embeddings letters, not other", Refusal(() => PassageIndex.Open(folder, new() { Embeddings = new Letters("other") })),
            StringComparison.Ordinal);
        Assert.Contains("does not exist", Refusal(() => PassageIndex.Open(folder + "2")), StringComparison.Ordinal);
        Assert.Contains("holds no index", Refusal(() => PassageIndex.Open(_folder.Path)), StringComparison.Ordinal);
        Assert.Contains("of no index", Refusal(() => index.Save(_folder.Path)), StringComparison.Ordinal);
        string file = Directory.GetFiles(folder).MaxBy(path => new FileInfo(path).Length)!;
        byte[] bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 0xFF;
        File.WriteAllBytes(file, bytes);
        Assert.Contains("damaged", Refusal(() => PassageIndex.Open(folder)), StringComparison.Ordinal);
        File.WriteAllBytes(file, bytes[..(bytes.Length / 2)]);
        Assert.Contains("damaged", Refusal(() => PassageIndex.Open(folder)), StringComparison.Ordinal);
        index.Save(folder);
        using PassageIndex mended = PassageIndex.Open(folder);
        Assert.Equal(s_passages, mended.Passages);

        static string Refusal(Action action)
        {
            string message = Assert.Throws<DataException>(action).Message;
            Assert.DoesNotContain('\n', message);
            return message;
        }
    }

    [Fact]
    public void Passages_that_cannot_be_kept_are_refused()
    {
        using PassageIndex index = new();

        Assert.Contains("'a' stands on 2", Assert.Throws<ArgumentException>(() => index.Add([new("a", "", "x"), new("a", "", "y")])).Message,
            StringComparison.Ordinal);
        Assert.Contains("no text", Assert.Throws<ArgumentException>(() => index.Add([new("a", "f.txt", " ")])).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => index.Save(Path.Combine(_folder.Path, "none")));
        index.Add([]);
        Assert.Equal(0, index.Count);
    }

    [Fact]
    public async Task It_is_searched_while_it_changes()
    {
        using PassageIndex index = Made();
        Task[] readers = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 200; i++)
            {
                Assert.Equal("tower", index.Bm25.Retrieve("eiffel tower", 2)[0].Passage.Id);
            }
        }))];
        for (int i = 0; i < 20; i++)
        {
            index.Add([new($"more{i}", "more.txt", $"Something else, number {i}.")]);
        }

        await Task.WhenAll(readers);
        Assert.Equal(20, index.RemoveSource("more.txt"));
    }

    [Fact]
    public void Warnings_tell_what_is_searched_by_pairs_of_characters()
    {
        using PassageIndex english = new(), mixed = Made();
        english.Add([s_passages[0]]);

        Assert.Empty(english.Warnings);
        Assert.Contains("by pairs of characters", Assert.Single(mixed.Warnings), StringComparison.Ordinal);
    }

    private static PassageIndex Made(IEmbeddingGenerator<string, Embedding<float>>? embeddings = null)
    {
        PassageIndex index = new(new() { Embeddings = embeddings, IsEnglish = true });
        index.Add(s_passages);
        return index;
    }
}
