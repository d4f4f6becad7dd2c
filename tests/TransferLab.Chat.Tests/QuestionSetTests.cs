using TransferLab.Data;

namespace TransferLab.Chat.Tests;

/// <summary>Questions in files: what is read, what is split, what is said of them.</summary>
public sealed class QuestionSetTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("questions-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_folder_has_its_training_and_its_test()
    {
        Write("train.jsonl", Row("Where is the pier?", "On the east bank."), Row("Who runs it?", "The harbour office."));
        Write("test.jsonl",
            """{"messages":[{"role":"system","content":"Be short."},{"role":"user","content":"When does it open?"},{"role":"assistant","content":"At nine."}],"answers":["nine","9"],"fact":"opening","document":"pier.md","id":"q1"}""");

        QuestionSet set = QuestionSet.Read(_folder);

        Question asked = Assert.Single(set.Test);
        Assert.Equal(2, set.Train.Count);
        Assert.Equal(("q1", "When does it open?", "At nine.", "opening", "pier.md"), (asked.Name, asked.Text, asked.Reference, asked.Fact, asked.Document));
        Assert.Equal(["nine", "9"], asked.Right);
        Assert.Equal(2, asked.Prompt.Turns.Count);
        Assert.Equal(3, asked.Whole.Turns.Count);
        Assert.Equal("fact", set.ClusteredBy);
    }

    [Fact]
    public void One_file_is_split_by_fact_and_no_fact_is_on_both_sides()
    {
        Write("all.jsonl",
            [.. Enumerable.Range(0, 40).Select(i =>
                Row($"Question {i} about thing {i / 4} in wording {i % 4}, please?", $"Answer {i / 4}.", $", \"fact\": \"f{i / 4}\""))]);

        QuestionSet set = QuestionSet.Read(Path.Combine(_folder, "all.jsonl"));

        Assert.Equal(40, set.Train.Count + set.Test.Count);
        Assert.Equal(8, set.Test.Count);
        Assert.Empty(set.Train.Select(row => row.Fact).Intersect(set.Test.Select(row => row.Fact)));
        Assert.Equal(2, set.Clusters.Distinct().Count());
        Assert.Contains(set.Warnings, warning => warning.Contains("split by fact", StringComparison.Ordinal));
        Assert.Equal(set.Hash, QuestionSet.Read(Path.Combine(_folder, "all.jsonl")).Hash);
    }

    [Fact]
    public void What_the_test_shares_with_training_is_said()
    {
        const string asked = "Which bridge crosses the river nearest to the old mill in the north of the town";
        Write("train.jsonl", Row("Where is the pier?", "East."), Row(asked + " today?", "The iron one.", ", \"fact\": \"bridge\""));
        Write("test.jsonl", Row("where is THE pier", "East."), Row(asked + " now?", "The iron one.", ", \"fact\": \"bridge\""),
            Row("Who paints the gates?", "Nobody."));

        string[] said = [.. QuestionSet.Read(_folder).Warnings];

        Assert.Contains(said, text => text.StartsWith("1 of 3 test questions (line 1) stand word for word", StringComparison.Ordinal));
        Assert.Contains(said, text => text.StartsWith("1 of 3 test questions (line 2) are nearly alike", StringComparison.Ordinal));
        Assert.Contains(said, text => text.Contains("ask for facts that training rows tell too", StringComparison.Ordinal));
    }

    [Fact]
    public void Squads_paragraphs_are_passages_and_its_articles_are_not_parted()
    {
        string Article(int i) => $$"""
            {"title":"Article {{i}}","paragraphs":[{"context":"Thing {{i}} is red{{i}}.","qas":[{"id":"a{{i}}","question":"What colour has thing {{i}}?","answers":[{"text":"red{{i}}","answer_start":0},{"text":"red{{i}}","answer_start":0}]},
            {"id":"b{{i}}","question":"Who owns number {{i}}?","answers":[],"is_impossible":true}]}]}
            """;
        Write("squad.json", $"{{\"data\":[{string.Join(',', Enumerable.Range(0, 10).Select(Article))}]}}");

        QuestionSet set = QuestionSet.Read(_folder);

        Assert.Equal(10, set.Passages.Count);
        Assert.Equal((16, 4, 2), (set.Train.Count, set.Test.Count, set.Clusters.Distinct().Count()));
        Assert.All(set.Test, row => Assert.Equal(row.Name.StartsWith('b'), row.Unanswerable));
        Assert.Equal("document", set.ClusteredBy);
        Assert.Contains(set.Passages, passage => passage.Id == set.Test[0].Document);
        Assert.Equal(2, QuestionSet.Read(_folder, mostTest: 3).Test.Count);
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"Hello?"}]}""", "line 1")]
    [InlineData("""{"messages":[{"role":"user","content":"Hello?"},{"role":"assistant","content":"Yes."}],"answers":[]}""",
        "line 1: 'answers' is a list of 1 to 100 texts")]
    [InlineData("""{"messages":[{"role":"user","content":"Hello?"},{"role":"assistant","content":"Yes."}],"unanswerable":"no"}""",
        "'unanswerable' is true or false")]
    [InlineData("""{"messages":[{"role":"user","content":"Hello?"},{"role":"assistant","content":"Yes."}],"fact":[1]}""", "'fact' is a text")]
    [InlineData("""{"messages":""", "line 1: not valid JSON")]
    [InlineData("[]", "line 1: no JSON object")]
    public void What_cannot_be_used_is_refused_in_one_line_with_its_place(string row, string says)
    {
        Write("train.jsonl", Row("Fine?", "Yes."));
        Write("test.jsonl", row);

        DataException refused = Assert.Throws<DataException>(() => QuestionSet.Read(_folder));

        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.Contains("test.jsonl", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    private static string Row(string question, string answer, string more = "") =>
        $"{{\"messages\":[{{\"role\":\"user\",\"content\":\"{question}\"}},{{\"role\":\"assistant\",\"content\":\"{answer}\"}}]{more}}}";

    private void Write(string name, params string[] lines) => File.WriteAllLines(Path.Combine(_folder, name), lines);
}
