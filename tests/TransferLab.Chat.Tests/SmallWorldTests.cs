using System.Text.RegularExpressions;
using TransferLab.Backbones;
using TransferLab.Comparison;
using TransferLab.Data;
using TransferLab.Models;
using TransferLab.Networks;

namespace TransferLab.Chat.Tests;

public sealed partial class SmallWorldTests
{
    [Fact]
    public void The_same_seed_makes_the_same_world_and_another_another()
    {
        string Some(int seed) => string.Join('\n', new SmallWorldGenerator(seed).Questions().Take(20).Select(question => question.Question + question.Answer));
        Assert.Equal(Some(3), Some(3));
        Assert.NotEqual(Some(3), Some(4));
    }

    [Fact]
    public void Names_values_and_wordings_of_the_examination_are_never_trained()
    {
        SmallWorldQuestion[] trained = [.. new SmallWorldGenerator(1).Questions().Take(2000)],
            held = [.. new SmallWorldGenerator(1, held: true).Questions().Take(1000)];
        HashSet<string> values = [.. trained.Where(question => question.IsAnswerable).Select(question => question.Answer)];
        Assert.DoesNotContain(held, question => question.IsAnswerable && values.Contains(question.Answer));
        HashSet<string> wordings = [.. trained.Select(Wording)];
        Assert.DoesNotContain(held, question => wordings.Contains(Wording(question)));
        Assert.DoesNotContain(trained, question => !question.IsTrained);
        Assert.Contains(held, question => !question.IsTrained);
    }

    [Fact]
    public void Passages_hold_the_answer_or_the_question_has_none()
    {
        foreach (SmallWorldQuestion question in new SmallWorldGenerator(5, held: true).Questions().Take(500))
        {
            string passage = string.Join(' ', question.Passages);
            Assert.Equal(question.IsAnswerable, question.Answer != SmallWorldQuestion.Refusal);
            Assert.True(!question.IsAnswerable || passage.Contains(question.Answer, StringComparison.Ordinal),
                $"{passage} {question.Question} {question.Answer}");
        }
    }

    [Fact]
    public void Copying_the_names_of_the_sentence_most_like_the_question_does_not_do()
    {
        SmallWorldQuestion[] questions = [.. new SmallWorldGenerator(7, held: true).Questions().Where(question => question.IsAnswerable).Take(500)];
        Assert.InRange(questions.Average(question => Copied(question) == question.Answer ? 1.0 : 0), 0, 0.4);
    }

    [Fact]
    public void A_vocabulary_that_was_learnt_gives_every_text_back_and_digits_one_by_one()
    {
        string folder = Directory.CreateTempSubdirectory("vocabulary-").FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(folder, "tokenizer.json"),
                BytePairTraining.Train(new SmallWorldGenerator(2).Texts().Take(200), 500, ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]));
            TextTokenizer tokenizer = TextTokenizer.FromFolder(folder);
            foreach (string text in (string[])["The Blue Anchor opens at half past two.", "Été 1984, 하늘\n\n  two  spaces"])
            {
                Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
            }

            Assert.Equal(4, tokenizer.Encode("1984").Length);
            Assert.True(tokenizer.Encode(" town").Length < 3);
            Assert.Equal(1, tokenizer.IdOf("<|im_start|>"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Conversations_are_rows_that_every_program_reads()
    {
        foreach (Conversation row in new SmallWorldGenerator(4).Conversations().Take(300))
        {
            Assert.Equal(Role.Assistant, row.Turns[^1].Role);
            Assert.Contains(row.Turns, turn => turn.IsTrained);
            Assert.All(row.Turns, turn => Assert.NotEmpty(turn.Content));
        }
    }

    [Fact]
    public void Lookups_hold_every_answer_in_their_first_turn()
    {
        foreach (Conversation row in new SmallWorldGenerator(4) { Course = new() { Exercises = 0, Lookups = 1 } }.Conversations().Take(200))
        {
            Assert.All(row.Turns.Where(turn => turn.Role == Role.Assistant),
                answer => Assert.Contains(answer.Content, row.Turns[0].Content, StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public void Things_that_are_alike_share_their_properties_and_no_value()
    {
        foreach (int properties in (int[])[1, 2])
        {
            SmallWorldGenerator world = new(4);
            for (int i = 0; i < 50; i++)
            {
                IReadOnlyList<SmallWorldQuestion> group = world.Alike(100, 4, properties, 0.5);
                Assert.All(group, question => Assert.Contains(question.Answer, string.Join(' ', question.Passages), StringComparison.OrdinalIgnoreCase));
                Assert.Equal(group.Count, group.Select(question => question.Answer).Distinct().Count());
                Assert.InRange(group.Select(question => question.Fact[question.Fact.LastIndexOf(':')..]).Distinct().Count(), 1, properties);
                Assert.InRange(group.Count, 3 * properties, 4 * properties);
            }
        }
    }

    [Fact]
    public void Facts_of_things_that_are_alike_come_in_orders_that_the_examination_does_not_have()
    {
        SmallWorldGenerator world = new(4);
        HashSet<string> orders = [];
        for (int i = 0; i < 300; i++)
        {
            IReadOnlyList<SmallWorldQuestion> group = world.Alike(100, things: 1, properties: 2, frames: 0.5);
            string passage = string.Join(' ', group[0].Passages);
            orders.Add(string.Join(',', group.OrderBy(question => passage.IndexOf(question.Answer, StringComparison.OrdinalIgnoreCase))
                .Select(question => question.Fact[(question.Fact.LastIndexOf(':') + 2)..])));
        }

        Assert.True(orders.Count > 50);
        Assert.DoesNotContain(orders, WorldRandom.IsHeld);
    }

    [Fact]
    public void A_course_of_things_that_are_alike_holds_every_answer_in_its_first_turn()
    {
        SmallWorldCourse course = new() { Exercises = 0, Alike = 1 };
        foreach (Conversation row in new SmallWorldGenerator(4) { Course = course }.Conversations().Take(200))
        {
            Assert.All(row.Turns.Where(turn => turn.Role == Role.Assistant),
                answer => Assert.Contains(answer.Content, row.Turns[0].Content, StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public void The_embedded_model_reads_passages_about_one_thing()
    {
        using LanguageModel model = LanguageModel.Open(SmallWorld.Folder());
        SmallWorldQuestion[] questions = [.. new SmallWorldGenerator(8) { Course = new() { Refusals = 0 } }.Groups(1, isEasy: true).Take(30)
            .Select(group => group[0])];
        Conversation[] asked = [.. questions.Select(question => new Conversation([new(Role.User, $"{question.Passages[0]}\n\n{question.Question}")]))];
        IEnumerable<string> answers = model.Complete(asked, new() { MaxTokens = 24, Temperature = 0 }).Select(answer => answer.Text.Trim());
        Assert.True(questions.Zip(answers, (question, answer) => question.Answer == answer).Count(right => right) >= 15);
    }

    [Fact]
    public void The_embedded_model_opens_from_its_package_alone_and_always_answers_the_same()
    {
        using LanguageModel model = LanguageModel.Open(SmallWorld.Folder());
        Assert.Equal(4_459_776, model.Parameters);
        SmallWorldQuestion question = new SmallWorldGenerator(9).Questions().First();
        string asked = $"{string.Join(' ', question.Passages)}\n\n{question.Question}";
        Assert.Equal(model.Answer(asked), model.Answer(asked));
        Assert.True(new DirectoryInfo(SmallWorld.Folder()).GetFiles().Sum(file => file.Length) < 16_000_000);
    }

    [Fact]
    public void The_task_s_files_are_questions_whose_facts_its_documents_hold()
    {
        QuestionSet set = QuestionSet.Read(SmallWorldTask.Folder());
        Assert.Equal(60, set.Test.Count);
        Assert.All(set.Test.Where(question => !question.Unanswerable), question => Assert.Contains(
            question.Reference, File.ReadAllText(Path.Combine(SmallWorldTask.Folder(), SmallWorldTask.Documents, question.Document + ".txt")),
                StringComparison.Ordinal));
        Assert.Contains(set.Test, question => set.Train.Any(row => row.Fact == question.Fact));
        Assert.Contains(set.Test, question => !question.Unanswerable && set.Train.All(row => row.Fact != question.Fact));
    }

    [Fact]
    public void The_task_s_changes_ask_for_facts_of_the_test_whose_new_values_the_documents_after_hold()
    {
        string folder = SmallWorldTask.Folder();
        QuestionSet set = QuestionSet.Read(folder);
        IReadOnlyList<Question> changes = AnswerChanges.Read(Path.Combine(folder, SmallWorldTask.Changes));
        string Text(string documents, string name) => File.ReadAllText(Path.Combine(folder, documents, name + ".txt"));

        Assert.InRange(changes.Count, 8, 25);
        Assert.All(changes, change =>
        {
            Question old = set.Test.First(question => question.Fact == change.Fact);
            Assert.NotEqual(old.Reference, change.Reference);
            Assert.DoesNotContain(set.Test, question => question.Text == change.Text); // In words that the test does not use.
            Assert.Contains(change.Reference, Text(SmallWorldTask.DocumentsAfter, change.Document!), StringComparison.Ordinal);
            Assert.DoesNotContain(old.Reference, Text(SmallWorldTask.DocumentsAfter, change.Document!), StringComparison.Ordinal);
        });
        HashSet<string> changed = [.. changes.Select(change => change.Document!)];
        string[] same = [.. set.Test.Select(question => question.Document).OfType<string>().Where(name => !changed.Contains(name)).Distinct()];
        Assert.Contains(same, name => Text(SmallWorldTask.Documents, name) == Text(SmallWorldTask.DocumentsAfter, name));
    }

    /// <summary>A question without its names.</summary>
    private static string Wording(SmallWorldQuestion question) =>
        question.Question.Replace(question.Fact[..question.Fact.LastIndexOf(':')], "X", StringComparison.OrdinalIgnoreCase);

    private static string Copied(SmallWorldQuestion question)
    {
        HashSet<string> asked = [.. Words().Matches(question.Question).Select(word => word.Value)];
        string best = Sentences().Split(string.Join(' ', question.Passages))
            .MaxBy(sentence => Words().Matches(sentence).Count(word => asked.Contains(word.Value)))!;
        return string.Join(' ', Words().Matches(best).Select(word => word.Value).Where(word => char.IsUpper(word[0]) && !asked.Contains(word)));
    }

    [GeneratedRegex(@"[\p{L}\p{N}-]+")]
    private static partial Regex Words();

    [GeneratedRegex(@"(?<=\.) ")]
    private static partial Regex Sentences();
}
