using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.AI;
using TransferLab.Cli;
using TransferLab.Comparison;
using TransferLab.Data;
using TransferLab.Models;
using TransferLab.Networks.Weights;
using TransferLab.Reporting;
using TransferLab.Runtime;
using TransferLab.Serving;
using TransferLab.Strategies;
using TransferLab.Training;
using Passage = TransferLab.Data.Passage;

namespace TransferLab.Chat.Tests;

/// <summary>Ways of answering, compared from end to end with a model of random weights: what they answer is nonsense, and always the same.</summary>
public sealed class AnswerComparisonTests(TinyModel tiny) : IClassFixture<TinyModel>, IDisposable
{
    private static readonly string[] s_things = ["harbour", "orchard", "violin", "glacier", "lantern", "saddle"];
    private readonly string _folder = Directory.CreateTempSubdirectory("ways-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_way_that_can_be_used_is_kept_whole_and_answers_as_it_was_scored()
    {
        AnswerOptions options = Options("prompt,few-shot,rag,lora,lora+few-shot,lora+rag,oracle,nearest");
        ComparisonResults results = new AnswerComparer(Data(), tiny.Folder, options).Run();

        Assert.Equal(options.Ways.Select(way => way.Name), results.Strategies.Select(row => row.Name));
        foreach (string way in new[] { "prompt", "few-shot", "rag", "lora", "lora+few-shot", "lora+rag" })
        {
            string[] scored = [.. results.Strategies.First(row => row.Name == way).Runs[0].Answers!.Select(answer => answer.Text)];
            using LanguageModel model = LanguageModel.Open(Path.Combine(_folder, "models", way), ComputeDevice.Choose("cpu", "float32"), openIndex: folder =>
                Words.Open(folder));
            Assert.Equal(way.StartsWith("lora", StringComparison.Ordinal), model.HasAdapter);
            Assert.Equal(scored, Data().Test.Select(question => model.Complete(question.Prompt).Text));
            await AssertAnswersAsync(model, [.. Data().Test.Select(question => question.Text)], scored);
        }

        Assert.False(Directory.Exists(Path.Combine(_folder, "models", "oracle")));
        WeightsException refused = Assert.Throws<WeightsException>(() => LanguageModel.Open(Path.Combine(_folder, "models", "rag")));
        Assert.Contains("openIndex", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_of_this_machine_judges_by_the_likelier_word_and_changes_no_other_figure()
    {
        using LanguageModel model = LanguageModel.Open(tiny.Folder, ComputeDevice.Choose("cpu", "float32"));
        LanguageModelJudge judge = new(model, "tiny");
        ComparisonResults results = new AnswerComparer(Data(), tiny.Folder, Options("prompt,nearest") with { Judge = judge }).Run();
        foreach (StrategyResult row in results.Strategies)
        {
            string[] answers = [.. row.Runs[0].Answers!.Select(answer => answer.Text.Trim())];
            Assert.Equal(answers.Zip(Data().Test, (answer, asked) => answer.Length > 0 && judge.IsRight(asked, answer, default) is true ? 1.0 : 0),
                row.Runs[0].Scores["judged"]);
        }

        Assert.StartsWith("Judged by tiny, ", results.Verdicts[^1], StringComparison.Ordinal);
        ComparisonResults bare = new AnswerComparer(Data(), tiny.Folder, Options("prompt,nearest")).Run(); // Its runs are taken from before.
        Assert.Equal(results.Strategies.Select(row => row.Accuracy), bare.Strategies.Select(row => row.Accuracy));
        Assert.DoesNotContain(bare.Metrics, metric => metric.Name == "judged");
    }

    [Fact]
    public void A_way_is_opened_in_the_precision_in_which_it_was_scored()
    {
        ComparisonResults results = new AnswerComparer(Data(), tiny.Folder, Options("prompt") with { Compute = ComputeDevice.Choose("cpu", "bfloat16") }).Run();
        string folder = Path.Combine(_folder, "models", "prompt");
        using (LanguageModel model = LanguageModel.Open(folder))
        {
            IEnumerable<string> scored = results.Strategies[0].Runs[0].Answers!.Select(answer => answer.Text);
            Assert.Equal(scored, Data().Test.Select(question => model.Complete(question.Prompt).Text));
            Assert.Equal("bfloat16", model.Precision);
        }

        string way = Path.Combine(folder, SavedWay.FileName);
        File.WriteAllText(way, File.ReadAllText(way).Replace("bfloat16", "float8", StringComparison.Ordinal));
        Assert.Contains("float32 or bfloat16, not 'float8'", Assert.Throws<WeightsException>(() => LanguageModel.Open(folder)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Results_predictions_and_page_hold_what_was_found()
    {
        AnswerOptions options = Options("prompt,rag,oracle,shuffled,nearest,majority") with { Prices = new(1, 2, 3) };
        ComparisonResults results = new AnswerComparer(Data(), tiny.Folder, options).Run();

        ComparisonResults read = ResultsFile.Read(Path.Combine(_folder, "results.json"));
        Assert.Equal("contains", read.Metrics[0].Name);
        Assert.Equal(1, Row(read, "nearest").Accuracy.Value); // The nearest training question asks for the same thing.
        Assert.Contains(read.Verdicts, text => text.StartsWith("The simple baseline", StringComparison.Ordinal)
            && text.Contains("nearest", StringComparison.Ordinal));
        Assert.Equal((1, 0), (Row(read, "oracle").Cost!.Found!.Value, Row(read, "shuffled").Cost!.Found!.Value));
        Assert.Equal(["prompt"], read.Pairs.Where(pair => pair.Planned == true).Select(pair => pair.First));
        Assert.All(read.Strategies.Where(row => row.Role != StrategyRole.Baseline), row => Assert.True(row.Cost!.Thousand > 0));
        string[] lines = File.ReadAllLines(Path.Combine(_folder, "predictions", "rag-seed1.csv"));
        Assert.Equal("item,question,label,predicted,score,retrieved", lines[0]);
        Assert.Contains("t0", lines[1], StringComparison.Ordinal);
        string page = HtmlReport.Render(read);
        Assert.Contains("Prompt, retrieve, tune, or both?", page, StringComparison.Ordinal);
        Assert.Contains("&lt;harbour&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<harbour>", page, StringComparison.Ordinal);
        Assert.Contains("found, %", ResultsTable.ToText(read), StringComparison.Ordinal);
        Assert.Equal(results.Strategies.Select(row => row.Accuracy), read.Strategies.Select(row => row.Accuracy));
    }

    [Fact]
    public void A_stopped_comparison_goes_on_where_it_was_and_tunes_nothing_twice()
    {
        AnswerOptions options = Options("lora,nearest") with { KeepEvery = TimeSpan.Zero };
        AnswerOptions whole = options with { OutputFolder = Path.Combine(_folder, "whole") };
        string[] expected = Answers(new AnswerComparer(Data(), tiny.Folder, whole).Run());
        using CancellationTokenSource stop = new();
        Assert.ThrowsAny<OperationCanceledException>(() => new AnswerComparer(Data(), tiny.Folder, options).Run(
            new ImmediateProgress<ComparisonProgress>(at =>
            {
                if (at.Training.Stage == "test" && at.Training.Share > 0.4)
                {
                    stop.Cancel();
                }
            }),
            stop.Token));

        List<ComparisonProgress> told = [];
        string[] resumed = Answers(new AnswerComparer(Data(), tiny.Folder, options).Run(new ImmediateProgress<ComparisonProgress>(told.Add)));
        List<ComparisonProgress> again = [];
        new AnswerComparer(Data(), tiny.Folder, options).Run(new ImmediateProgress<ComparisonProgress>(again.Add));

        Assert.Equal(expected, resumed);
        Assert.DoesNotContain(told, at => at.Training.Loss is not null);
        Assert.True(told.First(at => at.Training.Stage == "test").Training.Share > 0.5, "Answers that were there were asked for again.");
        Assert.All(again.Where(at => at.Result is not null), at => Assert.True(at.Kept));
        Assert.Empty(Directory.GetDirectories(Path.Combine(_folder, "runs")));
    }

    [Fact]
    public void Passages_stand_in_training_rows_of_raft_and_documents_are_read_before_domain_adaptive()
    {
        ComparisonResults results = new AnswerComparer(Data(), tiny.Folder, Options("raft+rag,domain-adaptive") with { OutputFolder = null }).Run();

        Assert.Single(Row(results, "raft+rag").Runs[0].Curve);
        Assert.Equal(2, Row(results, "domain-adaptive").Runs[0].Curve.Count);
    }

    [Fact]
    public void What_is_not_tuned_answers_once_for_all_seeds()
    {
        List<ComparisonProgress> told = [];
        ComparisonResults results = new AnswerComparer(Data(), tiny.Folder, Options("prompt,nearest") with { OutputFolder = null, Seeds = 3 })
            .Run(new ImmediateProgress<ComparisonProgress>(told.Add));

        Assert.All(results.Strategies, row => Assert.Equal([1, 2, 3], row.Runs.Select(run => run.Seed)));
        Assert.Equal(6, told.Count(at => at.Strategy == "prompt" && at.Training.Stage == "test"));
    }

    [Theory]
    [InlineData("rags", "There is no way 'rags'; choose from prompt")]
    [InlineData("lora+nearest", "contexts are few-shot, rag, oracle, shuffled")]
    [InlineData("lora+rag+oracle", "one plus between them")]
    [InlineData("frozen", "The nearest is last-1")]
    [InlineData("knn", "There is no way 'knn'")]
    public void A_way_that_there_is_not_is_refused_in_one_line(string name, string says)
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => AnswerWay.Find(name));

        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void Without_documents_or_training_rows_the_default_ways_are_those_that_need_none()
    {
        Assert.Equal(["prompt", "few-shot", "rag", "lora", "lora+rag", "oracle", "nearest"], AnswerWay.Default(true, true).Select(way => way.Name));
        Assert.Equal(["prompt", "few-shot", "lora", "nearest"], AnswerWay.Default(false, true).Select(way => way.Name));
        Assert.Equal(["prompt", "rag", "oracle"], AnswerWay.Default(true, false).Select(way => way.Name));
        ArgumentException refused = Assert.Throws<ArgumentException>(() => (Options("rag") with { Documents = [], Retriever = null }).Validate(Data()));
        Assert.Contains("needs documents", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Examples_come_before_the_question_the_nearest_last_and_passages_give_way_to_room()
    {
        Conversation Said(string question, string answer) => new([new(Role.User, question), new(Role.Assistant, answer)]);
        AnswerContext context = new([Said("red apple", "one"), Said("green pear", "two"), Said("red apple pie", "three")], 2,
            new Words([new("p1", "a", "alpha red {question}"), new("p2", "b", "beta red")]), 2, "<{passages}|{question}>");
        Conversation asked = new([new(Role.System, "Be short."), new(Role.User, "red apple pie crust")]);

        (Conversation whole, IReadOnlyList<RetrievedPassage> shown) = context.Of(asked);
        (Conversation small, IReadOnlyList<RetrievedPassage> fewer) =
            context.Of(asked, conversation => conversation.Turns.Sum(turn => turn.Content.Length) < 90);

        Assert.Equal(["Be short.", "red apple", "one", "red apple pie", "three", "<alpha red {question}\n\nbeta red|red apple pie crust>"],
            whole.Turns.Select(turn => turn.Content));
        Assert.Equal((2, 1), (shown.Count, fewer.Count));
        Assert.EndsWith("|red apple pie crust>", small.Turns[^1].Content, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new AnswerContext(prompt: "{question}"));
    }

    /// <summary>What a program gets from the chat client, a person from the conversation, and anybody from the server, is what was scored.</summary>
    private static async Task AssertAnswersAsync(LanguageModel model, string[] asked, string[] scored)
    {
        using LanguageModelChatClient client = new(model, ownsModel: false, name: "way");
        await using ChatServer server = await ChatServer.StartAsync(client, new() { Port = 0 });
        using HttpClient http = new();
        for (int i = 0; i < asked.Length; i++)
        {
            Assert.Equal(scored[i], (await client.GetResponseAsync(asked[i])).Text);
            Assert.Equal(scored[i], string.Concat(await client.GetStreamingResponseAsync(asked[i]).Select(piece => piece.Text).ToArrayAsync()));
            object body = new { model = "way", messages = new[] { new { role = "user", content = asked[i] } } };
            using HttpResponseMessage response = await http.PostAsJsonAsync($"{server.Endpoint}/chat/completions", body);
            using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
            Assert.Equal(scored[i], json.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        }

        StringWriter answers = new() { NewLine = "\n" };
        ChatSession session = new(model, model.Defaults, answers, TextWriter.Null, isTerminal: false);
        await session.RunAsync(new StringReader(string.Concat(asked.Select(question => $"{question}\n/reset\n"))));
        Assert.Equal(string.Concat(scored.Select(answer => answer + "\n")), answers.ToString());
    }

    private AnswerOptions Options(string ways)
    {
        Words words =
            new([.. s_things.Select((thing, i) =>
                new Passage($"p{i}", $"{thing}.md", $"The {thing} stands in quarter {i} and is as old as {100 + i} years."))]);
        return new()
        {
            Ways = [.. ways.Split(',').Select(AnswerWay.Find)],
            AnswerTokens = 6,
            Tuning = new() { Epochs = 1, Rank = 4 },
            Documents = words.Passages,
            Retriever = words,
            SaveIndex = words.Save,
            Passages = 1,
            Shots = 2,
            Compute = ComputeDevice.Choose("cpu", "float32"),
            TuningCompute = ComputeDevice.Choose("cpu", "float32"),
            OutputFolder = _folder,
        };
    }

    private static QuestionSet Data()
    {
        Question Of(string name, string question, string answer, int i) => new()
        {
            Name = name,
            Prompt = new([new(Role.User, question)]),
            Reference = $"{answer}.",
            Answers = [answer],
            Fact = $"age of {i}",
            Document = $"{s_things[i]}.md",
        };
        return QuestionSet.Of(
            "things",
            [.. s_things.SelectMany((thing, i) =>
                new[] { Of($"a{i}", $"How old is the <{thing}>?", $"{100 + i}", i), Of($"b{i}", $"Tell me the age of the {thing}.", $"{100 + i}", i) })],
            [.. s_things.Select((thing, i) => Of($"t{i}", $"What age has the <{thing}>, please?", $"{100 + i}", i))]);
    }

    private static StrategyResult Row(ComparisonResults results, string name) => results.Strategies.First(row => row.Name == name);

    private static string[] Answers(ComparisonResults results) =>
        [.. results.Strategies.SelectMany(row => row.Runs.SelectMany(run => run.Answers!.Select(answer => answer.Text)))];
}
