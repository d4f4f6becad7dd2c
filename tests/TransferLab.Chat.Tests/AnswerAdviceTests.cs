using TransferLab.Cli;
using TransferLab.Cli.Commands;
using TransferLab.Comparison.Advice;
using TransferLab.Data;
using TransferLab.Models;
using TransferLab.Reporting;
using Passage = TransferLab.Data.Passage;

namespace TransferLab.Chat.Tests;

/// <summary>Which way of answering to start with: the rules, what they rest on, and the command.</summary>
public sealed class AnswerAdviceTests(TinyModel tiny) : IClassFixture<TinyModel>
{
    private static readonly string[] s_things = ["harbour", "orchard", "violin", "glacier", "lantern", "saddle"];

    [Theory]
    [InlineData(0.3, 0.2, 0.1, 0.1, 0.5, 200, FactChange.Never, "prompt", null)] // It knows the answers.
    [InlineData(3.0, 1.0, 2.0, 1.8, 2.9, 200, FactChange.Month, "rag", "lora+rag")] // What changes is looked up, though examples help more.
    [InlineData(3.0, 1.0, 2.9, 2.8, 2.9, 200, FactChange.Day, "raft+rag", null)] // It has to learn to read first.
    [InlineData(3.0, 1.0, 2.0, 1.8, 2.9, 200, FactChange.Unknown, "few-shot", "lora+rag")]
    [InlineData(3.0, 1.0, 2.0, 2.0, 2.0, 200, FactChange.Unknown, "few-shot", "raft+rag")]
    [InlineData(3.0, 2.0, 1.0, 0.9, 2.0, 200, FactChange.Unknown, "rag", "lora+rag")]
    [InlineData(3.0, 2.0, 1.0, 0.9, 2.0, 30, FactChange.Unknown, "rag", null)] // Too few rows to tune.
    [InlineData(3.0, 2.9, 1.5, 1.4, 1.5, 200, FactChange.Unknown, "raft+rag", null)] // A wrong passage does as well as the right one.
    [InlineData(3.0, 2.9, 2.9, 1.0, 2.9, 200, FactChange.Unknown, "lora", null)] // It reads the right passage, which is not found.
    [InlineData(3.0, 2.9, 0.0, 0.0, 0.0, 200, FactChange.Unknown, "lora", null)]
    [InlineData(3.0, 2.9, 0.0, 0.0, 0.0, 20, FactChange.Unknown, "prompt", null)]
    public void The_start_follows_from_the_rules(double alone, double examples, double passages, double right, double wrong, int rows, FactChange changes,
        string start, string? then)
    {
        AnswerAdvice advice = AnswerAdvisor.Advise(Seen(alone, examples, passages, right, wrong, rows, changes));

        Assert.Equal((start, then), (advice.Start, advice.Then));
        string text = AdviceText.Of(advice);
        Assert.Contains($"Start with {start}.", text, StringComparison.Ordinal);
        Assert.All(AnswerAdvisor.Rules, rule => Assert.Contains(rule, text, StringComparison.Ordinal));
        Assert.Equal(passages == 0, text.Contains("No documents were given", StringComparison.Ordinal));
        Assert.Equal(rows < 50, text.Contains("tune with 10 good rows at least, and better 50 to 100", StringComparison.Ordinal));
    }

    [Fact]
    public void Tuning_that_takes_too_long_or_has_no_room_is_not_advised_and_a_strange_language_is_said()
    {
        AnswerEvidence seen = Seen(3, 1, 0, 0, 0, 200, FactChange.Never);
        Assert.Equal("lora", AnswerAdvisor.Advise(seen).Then);
        Assert.Null(AnswerAdvisor.Advise(seen with { TuningSeconds = 7200 }).Then);
        Assert.Null(AnswerAdvisor.Advise(seen with { TuningBytes = 64L << 30 }).Then);
        Assert.Contains(AnswerAdvisor.Advise(seen with { PiecesAWord = 4.2 }).Reasons, reason => reason.Contains("4.2 pieces a word", StringComparison.Ordinal)
            && reason.Contains("another model", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_model_the_guide_is_asked()
    {
        AnswerAdvice advice = AnswerAdvisor.Advise(new AnswerMeter(Data(), [], null).Look(FactChange.Unknown));

        Assert.Equal(("prompt", "few-shot"), (advice.Start, advice.Then));
        Assert.Contains(advice.Unmeasured, line => line.StartsWith("No model was looked at", StringComparison.Ordinal));
        Assert.DoesNotContain("The rules", AdviceText.Of(advice), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_is_looked_at_on_training_questions_and_the_test_is_left_alone()
    {
        Words words = new([.. s_things.Select((thing, i) => new Passage($"p{i}", $"{thing}.md", $"The {thing} is {100 + i} years old."))]);
        using LanguageModel model = tiny.Open();
        AnswerEvidence seen = new AnswerMeter(Data(), words.Passages, words) { Shown = 1 }.Look(model, FactChange.Never);

        Assert.Equal(6, seen.Losses!.Questions); // Half of them; the others are shown as examples.
        Assert.All(
            new[] { seen.Losses.Alone, seen.Losses.WithExamples!.Value, seen.Losses.WithPassages!.Value, seen.Losses.WithRight!.Value,
                seen.Losses.WithWrong!.Value }, loss => Assert.InRange(loss, 0.1, 30));
        Assert.Equal(1, seen.Losses.Found);
        Assert.All(words.Asked, question => Assert.StartsWith("How old", question, StringComparison.Ordinal));
        Assert.InRange(seen.PiecesAWord, 1, 5);
        Assert.InRange(seen.DocumentBits!.Value, 1, 30);
        Assert.True(seen is { TuningSeconds: > 0, TuningBytes: > 0, MemoryBytes: > 0 });
        Assert.Equal(1, new AnswerMeter(Data(), words.Passages, words) { Limit = TimeSpan.Zero }.Look(model, FactChange.Never).Losses!.Questions);
    }

    [Fact]
    public async Task The_command_advises_and_refuses_what_is_for_other_data()
    {
        string folder = Directory.CreateTempSubdirectory("advise-").FullName, questions = Path.Combine(folder, "ages.jsonl");
        await File.WriteAllLinesAsync(questions,
            s_things.Select((thing, i) =>
                $$"""{"messages":[{"role":"user","content":"How old is the {{thing}}?"},{"role":"assistant","content":"{{100 + i}} years."}]}"""));
        Assert.Equal(0,
            await CommandRunner.RunAsync([AdviseCommand.Create()], ["advise", "--chat", questions, "--model", tiny.Folder, "--changes-per", "month"]));
        Assert.Equal(0, await CommandRunner.RunAsync([AdviseCommand.Create()], ["advise", "--chat", questions, "--documents", questions]));
        Assert.Equal(2, await CommandRunner.RunAsync([AdviseCommand.Create()], ["advise", "--chat", questions, "--changes-per", "7"]));
        Assert.Equal(2, await CommandRunner.RunAsync([AdviseCommand.Create()], ["advise", "--chat", questions, "--train-per-class", "7"]));
        Assert.Equal(2, await CommandRunner.RunAsync([AdviseCommand.Create()], ["advise", "--documents", questions]));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_check_judges_advice_by_what_was_measured_and_draws_the_lines_of_rules_on_the_other_sets_alone()
    {
        AnswerFact Fact(string name, double withExamples) => new()
        {
            Data = name,
            Command = "measured",
            Evidence = Seen(3, withExamples, 0, 0, 0, 20, FactChange.Never),
            Metric = "contains",
            Clusters = [.. Enumerable.Range(0, 40)],
            Scores = new Dictionary<string, IReadOnlyList<double>> { ["prompt"] = Scores(8), ["few-shot"] = Scores(32), ["lora"] = Scores(30) },
        };
        double[] Scores(int right) => [.. Enumerable.Range(0, 40).Select(i => i < right ? 1.0 : 0)];

        // Examples lower the loss by a sixth in two sets: too little for the rules as they stand, and yet they help there as they do in the first.
        AnswerFact[] facts = [Fact("a", 1), Fact("b", 2.5), Fact("c", 2.5)];
        AnswerAdviceCheck check = AnswerAdviceCheck.Of(facts);

        Assert.Equal([("few-shot", true), ("prompt", false), ("prompt", false)], check.Lines.Select(line => (line.Start, line.IsRight)));
        Assert.Equal([0, 0.6, 0.6], check.Lines.Select(line => Math.Round(line.Regret, 6)));
        Assert.All(check.LeftOut, line => Assert.Equal(("few-shot", true), (line.Taken, line.IsRight)));
        Assert.Equal(0.05, check.Always["lora"], 6);
        string text = AdviceText.Of(check);
        Assert.Contains("right in 1 of 3 comparisons", text, StringComparison.Ordinal);
        Assert.Contains("drawn where they lose least on the other sets: right in 3 of 3, 0.0 points lost", text, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => AnswerAdviceCheck.Of([.. facts.Take(2)]));
    }

    [Fact]
    public async Task What_was_measured_comes_with_the_program_is_written_and_read_and_the_command_checks_it()
    {
        string folder = Directory.CreateTempSubdirectory("facts-").FullName, file = Path.Combine(folder, "facts.json");
        IReadOnlyList<AnswerFact> facts = AnswerFacts.Embedded();
        AnswerFacts.Write(facts, file);
        Assert.Equal(AdviceText.Of(AnswerAdviceCheck.Of(facts)), AdviceText.Of(AnswerAdviceCheck.Of(AnswerFacts.Read(file))));

        Task<int> Run(params string[] line) => CommandRunner.RunAsync([AdviseCommand.Create()], ["advise", "--chat", .. line]);
        Assert.Equal(0, await Run("--check"));
        Assert.Equal(0, await Run("--check", "--facts", file));
        Assert.Equal(2, await Run("--check", "folder"));
        Assert.Equal(2, await Run("--check", "--model", "small-world"));
        Assert.Equal(2, await Run("--facts", file));
        File.WriteAllText(file, "{");
        Assert.Contains("measure them anew", Assert.Throws<DataException>(() => AnswerFacts.Read(file)).Message, StringComparison.Ordinal);
        File.WriteAllText(file, "[null]");
        Assert.Contains("measure it anew", Assert.Throws<DataException>(() => AnswerFacts.Read(file)).Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    private static AnswerEvidence Seen(double alone, double examples, double passages, double right, double wrong, int rows, FactChange changes) => new()
    {
        Data = "things",
        TrainQuestions = rows,
        TestQuestions = 50,
        Passages = passages == 0 ? 0 : 40,
        Changes = changes,
        Model = "m",
        Parameters = 1_000_000,
        Losses = passages == 0
            ? new() { Questions = 24, Alone = alone, WithExamples = examples }
            : new() { Questions = 24, Alone = alone, WithExamples = examples, WithPassages = passages, WithRight = right, WithWrong = wrong, Found = 0.8 },
        PiecesAWord = 1.4,
        TuningSeconds = 300,
        TuningBytes = 1L << 30,
        MemoryBytes = 8L << 30,
    };

    private static QuestionSet Data()
    {
        static Question Of(string name, string question, int i) => new()
        {
            Name = name,
            Prompt = new([new(Role.User, question)]),
            Reference = $"It is {100 + i}.",
            Answers = [$"{100 + i}"],
            Document = $"{s_things[i]}.md",
        };
        return QuestionSet.Of(
            "things",
            [.. s_things.SelectMany((thing, i) => new[] { Of($"a{i}", $"How old is the {thing}?", i), Of($"b{i}", $"How old is our {thing} in years?", i) })],
            [.. s_things.Select((thing, i) => Of($"t{i}", $"What age has the {thing}, please?", i))]);
    }

    private sealed class Words(IReadOnlyList<Passage> passages) : IPassageRetriever
    {
        public string Name => "words";

        public IReadOnlyList<Passage> Passages => passages;

        public List<string> Asked { get; } = [];

        public IReadOnlyList<RetrievedPassage> Retrieve(string question, int count)
        {
            Asked.Add(question);
            return [.. passages.Select(passage => new RetrievedPassage(passage, question.Contains(passage.Source.Split('.')[0], StringComparison.Ordinal)
                ? 1
                : 0)).OrderByDescending(found => found.Score).Take(count)];
        }
    }
}
