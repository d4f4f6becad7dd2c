using System.Text.Json;
using TransferLab.Comparison;
using TransferLab.Data;
using TransferLab.Models;
using TransferLab.Reporting;
using TransferLab.Runtime;
using TransferLab.Training;
using Passage = TransferLab.Data.Passage;

namespace TransferLab.Chat.Tests;

/// <summary>Facts that change after ways were prepared. What random weights say to a prompt is always the same: it can be told beforehand.</summary>
public sealed class FreshnessTests(TinyModel tiny) : IClassFixture<TinyModel>, IDisposable
{
    private static readonly string[] s_things = ["harbour", "orchard", "violin", "glacier"];
    private readonly string _folder = Directory.CreateTempSubdirectory("fresh-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_was_prepared_gives_the_old_answer_and_an_index_made_anew_the_new_one()
    {
        Words before = Documents("stands", s_things), after = Documents("fell", s_things[..2], s_things[2..]);
        AnswerOptions options = Options("prompt,rag", before);
        (string Old, string New)[] said = Said(before, after);
        QuestionSet data = Data([.. said.Select(pair => pair.Old)]);
        options = options with { Changes = Changes(after, [.. said.Take(2).Select((pair, i) => Changed(i, pair.New))]) };

        ComparisonResults results = ResultsAfter(data, options);

        FreshRow Row(string way, Mending mending) => results.Freshness!.Rows.Single(row => row.Way == way && row.Mending == mending);
        Assert.Equal(["prompt None", "rag None", "rag Reindexed"], results.Freshness!.Rows.Select(row => $"{row.Way} {row.Mending}"));
        Assert.Equal([0, 1], results.Freshness.Questions.Select(question => question.Item));
        Assert.Equal((0, 1, 1), (Row("rag", Mending.None).New!.Value, Row("rag", Mending.None).Old.Value, Row("rag", Mending.None).OldExact));
        FreshRow mended = Row("rag", Mending.Reindexed);
        Assert.Equal((1, 0, 1), (mended.New!.Value, mended.Old.Value, mended.NewExact!.Value));
        Assert.Equal((1, 0), (mended.Unchanged!.Value, mended.Kept!.Value));
        Assert.Equal(options.Changes.IndexSeconds, mended.Seconds);
        Assert.Null(Row("rag", Mending.None).Kept);
    }

    [Fact]
    public void Where_only_documents_tell_old_answers_are_counted_and_nothing_is_tuned()
    {
        Words before = Documents("stands", s_things), after = Documents("fell", s_things[..1], s_things[1..]);
        QuestionSet data = Data(["stands", "stands", "stands", "stands"]);

        ComparisonResults results = ResultsAfter(data, Options("rag,lora", before) with { Changes = Changes(after, []) });

        Assert.Equal([0], results.Freshness!.Questions.Select(question => question.Item)); // The word stands on in the documents of the others.
        Assert.Equal(["rag None", "rag Reindexed", "lora None"], results.Freshness.Rows.Select(row => $"{row.Way} {row.Mending}"));
        Assert.All(results.Freshness.Rows, row => Assert.Null(row.New));
        Assert.Contains(results.Freshness.Notes, note => note.StartsWith("Only the documents say", StringComparison.Ordinal));
    }

    [Fact]
    public void Tuned_ways_are_mended_from_the_start_and_from_where_they_were_and_learn_the_new_answers()
    {
        Words before = Documents("stands", s_things), after = Documents("fell", s_things[..2], s_things[2..]);
        QuestionSet data = Data(["one", "two", "three", "four"], sameWords: true);
        AnswerOptions options = Options("full,full+rag", before) with
        {
            Tuning = new() { Epochs = 30, LearningRate = 0.01, Recompute = false },
            Changes = Changes(after, [Changed(0, "seven"), Changed(1, "eight")]),
        };

        ComparisonResults results = ResultsAfter(data, options);
        List<ComparisonProgress> told = [];
        ComparisonResults again = new AnswerComparer(data, tiny.Folder, options).Run(new ImmediateProgress<ComparisonProgress>(told.Add));

        FreshRow Row(Mending mending) => results.Freshness!.Rows.Single(row => row.Way == "full" && row.Mending == mending);
        Assert.Equal((0, 1), (Row(Mending.None).New!.Value, Row(Mending.None).Old.Value));
        Assert.Equal((1, 0), (Row(Mending.Retrained).New!.Value, Row(Mending.Retrained).Old.Value));
        Assert.Equal((1, 0), (Row(Mending.TrainedOn).New!.Value, Row(Mending.TrainedOn).Old.Value));
        Assert.Equal(1, Row(Mending.Retrained).Unchanged!.Value);
        Assert.True(Row(Mending.Retrained).Seconds > 0 && Row(Mending.TrainedOn).Seconds > 0);
        Assert.True(results.Strategies[0].Cost!.PreparationTokens > 30 * 4 * 10); // Epochs, rows, and the tokens of the shortest.
        FreshConflict conflict = Assert.Single(results.Freshness!.Conflicts);
        Assert.Equal(("full", 2), (conflict.Adaptation, conflict.Questions));
        Assert.InRange(conflict.New + conflict.Old, 0, 2);
        Assert.Equal(JsonSerializer.Serialize(results.Freshness), JsonSerializer.Serialize(again.Freshness)); // To the seconds: nothing was done again.
        Assert.DoesNotContain(told, at => at.Training.Stage is "test" or "training");
        Assert.Empty(Directory.GetDirectories(Path.Combine(_folder, "runs")));
        Assert.Contains("tuning on", FreshnessTable.ToText(results), StringComparison.Ordinal);
        Assert.Contains("full: of 2 questions", string.Join('\n', FreshnessTable.Sentences(results)), StringComparison.Ordinal);
        string page = HtmlReport.Render(results);
        Assert.Contains("When facts change", page, StringComparison.Ordinal);
        Assert.Contains("New answers against the seconds of mending", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("age of nothing", "9", "the fact 'age of nothing', which no question asks for")]
    [InlineData(null, "9", "no question has these words")]
    [InlineData("age of 0", "one", "what was right before")]
    public void A_change_that_belongs_to_no_question_or_changes_nothing_is_refused_in_one_line(string? fact, string answer, string says)
    {
        Words before = Documents("stands", s_things);
        Question row = Changed(0, answer) with { Fact = fact, Prompt = new([new(Role.User, fact is null ? "Who is there?" : "How old is it?")]) };

        DataException refused = Assert.Throws<DataException>(() => new AnswerComparer(
            Data(["one", "two", "three", "four"]), tiny.Folder, Options("prompt", before) with { Changes = Changes(before, [row]) }));

        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.StartsWith("changes.jsonl", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Theory]
    [InlineData("\"fact\":\"age of nothing\"", ", line 2: changes the fact 'age of nothing', which no question asks for; name it")]
    [InlineData("\"id\":\"q7\"", ", line 2 ('q7'): no question has these words; write the question")]
    public void A_row_of_a_file_that_matches_nothing_is_told_by_file_and_line(string extra, string says)
    {
        string file = Path.Combine(_folder, "changes.jsonl");
        string Row(string question, string extra) =>
            $$"""{"messages":[{"role":"user","content":"{{question}}"},{"role":"assistant","content":"Ninety."}],{{extra}}}""";
        File.WriteAllLines(file, [Row("How old?", "\"fact\":\"age of 0\""), Row("Who is there?", extra)]);

        DataException refused = Assert.Throws<DataException>(() => AnswerChanges.DocumentsAfter(
            Data(["one", "two", "three", "four"]), Documents("stands", s_things).Passages, AnswerChanges.Read(file), file));

        Assert.StartsWith(file + says, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void Contradicting_changes_of_one_fact_are_refused_and_one_without_a_fact_is_matched_by_its_words()
    {
        QuestionSet data = Data(["one", "two", "three", "four"]);
        AnswerScorer scorer = new(isEnglish: true);
        Question byWords = Changed(1, "nine") with { Fact = null, Prompt = new([new(Role.User, $"what age has the {s_things[1]}")]) };

        DataException refused = Assert.Throws<DataException>(() => new ChangedSet(data, "changes.jsonl", [Changed(0, "8"), Changed(0, "9")], scorer));
        ChangedSet set = new(data, "changes.jsonl", [byWords], scorer);

        Assert.Contains("another new answer for 'age of 0'", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["nine"], set.After(data.Test[1])!.Right);
        Assert.Equal("nine.", set.Alone(data.Train).Single().Reference); // The training row of the same fact, in its own words.
        Assert.Equal(data.Train[1].Text, set.Alone(data.Train).Single().Text);
        Assert.Null(set.After(data.Test[0]));
    }

    [Fact]
    public void Where_no_documents_after_are_given_the_new_answer_takes_the_old_one_s_place_or_becomes_a_passage()
    {
        Words before = new([new("p0", "a.md", "It opened in 1984, on Monday."), new("p1", "b.md", "It is open at noon.")]);
        Question Of(string answer, string document, string fact) => new()
        {
            Name = fact,
            Prompt = new([new(Role.User, $"When, {fact}?")]),
            Reference = answer,
            Fact = fact,
            Document = document,
        };
        QuestionSet data = QuestionSet.Of("when", [], [Of("1984", "a.md", "opening"), Of("twelve", "b.md", "hours")]);

        IReadOnlyList<Passage> after = AnswerChanges.DocumentsAfter(data, before.Passages, [Of("1991", "a.md", "opening"), Of("at one", "b.md", "hours")]);

        Assert.Equal(["It opened in 1991, on Monday.", "It is open at noon.", "When, hours? at one"], after.Select(passage => passage.Text));
        Assert.Equal(["p0", "p1"], after.Take(2).Select(passage => passage.Id));
    }

    [Fact]
    public void Curves_show_ways_with_fewer_training_questions_and_level_lines_for_those_that_need_none()
    {
        AnswerOptions options = Options("prompt,few-shot,nearest", Documents("stands", s_things)) with { TrainSizes = [4, 2] };
        QuestionSet data = Data(["one", "two", "three", "four"]);

        ComparisonResults results = ResultsAfter(data, options);

        Assert.Equal(["prompt", "few-shot", "nearest"], results.LearningCurves!.Select(curve => curve.Strategy));
        Assert.All(results.LearningCurves!, curve => Assert.Equal([2, 4], curve.Points.Select(point => point.Examples)));
        LearningCurve nearest = results.LearningCurves![2];
        Assert.Equal((0.5, 1), (nearest.Points[0].Accuracy.Value, nearest.Points[1].Accuracy.Value)); // It knows the facts that were drawn.
        Assert.Equal(4, results.Data.TrainExamples);
        Assert.False(Directory.Exists(Path.Combine(_folder, "n2", "models")));
        Assert.Contains("by training questions", LearningCurveTable.ToText(results), StringComparison.Ordinal);
        Assert.Contains("What more training questions are worth", HtmlReport.Render(results), StringComparison.Ordinal);
        ArgumentException refused = Assert.Throws<ArgumentException>(() => (options with { TrainSizes = [2, 9] }).Validate(data));
        Assert.Contains("1 to 4", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.5, 10, "has paid for itself against prompt after 20 answers")]
    [InlineData(1.5, 10, "never pays for itself against prompt")]
    [InlineData(0.5, 0, "pays from the first")]
    public void Break_even_is_preparation_by_what_a_request_saves_and_never_is_said_in_words(double seconds, double preparation, string says)
    {
        AnswerWay[] ways = [AnswerWay.Find("prompt"), AnswerWay.Find("lora")];
        AnswerOptions options = Options("prompt", Documents("stands", s_things));
        ComparisonResults results = new AnswerComparer(Data(["one", "two", "three", "four"]), tiny.Folder, options).Run();
        StrategyResult row = results.Strategies[0];
        StrategyResult Of(double each, double before) => row with
        {
            Runs = [row.Runs[0] with { Answers = [.. row.Runs[0].Answers!.Select(answer => answer with { Seconds = each })] }],
            Cost = row.Cost! with { Preparation = before, PreparationTokens = 1e6 * before },
        };
        IReadOnlyList<BreakEven> Evens(AnswerPrices? prices) =>
            AnswerBreakEven.Of([(ways[0], Of(1, 0)), (ways[1], Of(seconds, preparation))], prices, [0, 1, 2, 3]);

        string sentence = AnswerTable.BreakEvens(results with { Questions = results.Questions! with { BreakEvens = Evens(null) } }).Single();

        Assert.Contains(says, sentence, StringComparison.Ordinal);
        Assert.Equal("price", Evens(new(1, 0, 0)).FirstOrDefault()?.Unit ?? "price");
        Assert.Equal(Evens(null).Select(even => even.Requests), Evens(new(0, 0, 7)).Select(even => even.Requests)); // The hour's price cancels out.
    }

    private ComparisonResults ResultsAfter(QuestionSet data, AnswerOptions options)
    {
        new AnswerComparer(data, tiny.Folder, options).Run();
        return ResultsFile.Read(Path.Combine(_folder, "results.json"));
    }

    private AnswerOptions Options(string ways, Words documents) => new()
    {
        Ways = [.. ways.Split(',').Select(AnswerWay.Find)],
        AnswerTokens = 6,
        Tuning = new() { Epochs = 1, Rank = 4 },
        Documents = documents.Passages,
        Retriever = documents,
        SaveIndex = documents.Save,
        Passages = 1,
        Shots = 1,
        Compute = ComputeDevice.Choose("cpu", "float32"),
        TuningCompute = ComputeDevice.Choose("cpu", "float32"),
        OutputFolder = _folder,
    };

    private static AnswerChanges Changes(Words after, Question[] rows) =>
        new() { Name = "changes.jsonl", Rows = rows, Documents = after.Passages, Retriever = after, IndexSeconds = 0.25 };

    /// <summary>A passage for each thing; of the second list in the words of before.</summary>
    private static Words Documents(string verb, string[] things, string[]? others = null) => new(
        [.. things.Select(thing => (thing, verb)).Concat((others ?? []).Select(thing => (thing, verb: "stands"))).Select(item => new Passage(
            $"p-{item.thing}",
            $"{item.thing}.md",
            $"The {item.thing} {item.verb} in quarter {Array.IndexOf(s_things, item.thing)}. Once seven and eight were there."))]);

    private static string Asked(int i) => $"What age has the {s_things[i]}?";

    /// <summary>What the model says to every question with the passage of before, and with that of after.</summary>
    private (string Old, string New)[] Said(Words before, Words after)
    {
        using LanguageModel model = tiny.Open();
        string Answer(Words documents, int i) => model.Complete(
            new AnswerContext(retriever: documents, passages: 1).Of(new([new(Role.User, Asked(i))])).Conversation, new() { MaxTokens = 6 }).Text;
        return [.. s_things.Select((_, i) => (Answer(before, i), Answer(after, i)))];
    }

    private static Question Changed(int i, string answer) => new()
    {
        Name = $"line {i + 1}",
        Prompt = new([new(Role.User, $"How old is the {s_things[i]} now?")]),
        Reference = $"{answer}.",
        Answers = [answer],
        Fact = $"age of {i}",
    };

    private static QuestionSet Data(string[] answers, bool sameWords = false)
    {
        Question Of(string name, string question, int i) => new()
        {
            Name = name,
            Prompt = new([new(Role.User, question)]),
            Reference = $"{answers[i]}.",
            Answers = [answers[i]],
            Fact = $"age of {i}",
            Document = $"{s_things[i]}.md",
        };
        return QuestionSet.Of(
            "things",
            [.. s_things.Select((thing, i) => Of($"a{i}", sameWords ? Asked(i) : $"Tell me the age of the {thing}.", i))],
            [.. s_things.Select((_, i) => Of($"t{i}", Asked(i), i))]);
    }
}
