using System.Globalization;
using TransferLab.Backbones;
using TransferLab.Data;
using TransferLab.Learners;
using TransferLab.Models;
using TransferLab.Networks;

namespace TransferLab.Benchmarks;

/// <summary>What a language model of the small world makes of questions that it never saw, and of easier ones on the way there.</summary>
internal static class SmallWorldExam
{
    private static readonly (bool IsEasy, double Frames)[] s_steps = [(true, 1), (true, 0.2), (false, 1), (false, 0.2)];
    private static readonly (int Things, int Properties, double Frames)[] s_alike = [(3, 1, 1), (3, 1, 0.2), (3, 3, 1), (3, 3, 0.2)];

    /// <summary>What the model makes of questions that it never saw: exact matches with and without the passage, refusals, and what the wrong answers
    /// are.</summary>
    /// <param name="folder">The model's.</param>
    /// <param name="count">Questions.</param>
    /// <param name="shown">How many wrong answers are printed.</param>
    public static string Of(string folder, int count, int shown = 0)
    {
        using LanguageModel model = LanguageModel.Open(folder);
        SmallWorldQuestion[] questions = [.. new SmallWorldGenerator(seed: 7, held: true).Questions().Take(count)];
        SmallWorldQuestion[] known = [.. new SmallWorldGenerator(seed: 7).Questions().Take(count)];
        (string[] with, string[] without, string[] easy) = (Answers(model, questions, true), Answers(model, questions, false), Answers(model, known, true));
        Show(questions, with, shown);
        string faults = string.Join(", ", Enumerable.Range(0, count).Where(i => with[i] != questions[i].Answer).CountBy(i => Fault(questions[i], with[i]))
            .OrderByDescending(fault => fault.Value).Select(fault => $"{fault.Value} {fault.Key}"));
        return $"with the passage {Share(with, questions, asked => asked.IsAnswerable && asked.IsTrained)}, relations never asked "
            + $"{Share(with, questions, asked => asked.IsAnswerable && !asked.IsTrained)}, "
            + $"refusals {Share(with, questions, asked => !asked.IsAnswerable)}, without the passage {Share(without, questions, asked => asked.IsAnswerable)}, "
            + $"trained wordings and names {Share(easy, known, asked => asked.IsAnswerable)} and refusals {Share(easy, known, asked => !asked.IsAnswerable)}; "
            + $"wrong: {faults}; {Steps(model, count, shown)}, {Apart(model, count, shown)}; {Guessing(count)}";
    }

    /// <summary>What it makes of easier questions, each a step on the way: about one thing or more, in frames or in all wordings, without refusals.</summary>
    private static string Steps(LanguageModel model, int count, int shown)
    {
        SmallWorldGenerator world = new(8);
        SmallWorldQuestion[] mixed = [.. Enumerable.Range(0, count).Select(_ => world.Mixed(1)[0])];
        string[] found = Answers(model, mixed, true);
        Show(mixed, found, shown);
        return $"values of any kind in frames {Share(found, mixed)}, {NaturalSteps(model, count, shown)}";
    }

    private static string NaturalSteps(LanguageModel model, int count, int shown) => string.Join(", ", s_steps.Select(step =>
    {
        (bool isEasy, double frames) = step;
        SmallWorldQuestion[] questions = [.. new SmallWorldGenerator(8) { Course = new() { Refusals = 0, Frames = frames } }.Groups(1, isEasy).Take(count)
            .Select(group => group[0])];
        string[] answers = Answers(model, questions, true);
        Show(questions, answers, shown);
        return $"{(isEasy ? "one thing" : "two or three")} {(frames == 1 ? "in frames" : "in all wordings")} {Share(answers, questions)}";
    }));

    /// <summary>Whether it tells things apart of which the same is said, each with a value of its own: guessing is right one time in as many as there
    /// are.</summary>
    private static string Apart(LanguageModel model, int count, int shown) => string.Join(", ", s_alike.Select(alike =>
    {
        (int things, int properties, double frames) = alike;
        SmallWorldGenerator world = new(9);
        SmallWorldQuestion[] asked = [.. Enumerable.Range(0, count).Select(_ => world.Alike(1, things, properties, frames)[0])];
        string[] answers = Answers(model, asked, true);
        Show(asked, answers, shown);
        return $"{things} alike in {properties} {(frames == 1 ? "in frames" : "in all wordings")} {Share(answers, asked)}";
    }));

    /// <summary>What guessing the thing would give where the property is known.</summary>
    private static string Guessing(int count)
    {
        IEnumerable<double> right = new SmallWorldGenerator(8) { Course = new() { Refusals = 0 } }.Groups(20).Take(count)
            .SelectMany(group => group.CountBy(question => question.Fact[question.Fact.LastIndexOf(':')..])
                .SelectMany(same => Enumerable.Repeat(1.0 / same.Value, same.Value)));
        return string.Create(CultureInfo.InvariantCulture, $"guessing the thing would give {right.Average():F3} of two or three");
    }

    /// <summary>How many of the answers are right, of the questions that are meant.</summary>
    private static string Share(string[] answers, SmallWorldQuestion[] asked, Func<SmallWorldQuestion, bool>? which = null)
    {
        IEnumerable<double> right = asked.Zip(answers).Where(pair => which?.Invoke(pair.First) != false)
            .Select(pair => pair.First.Answer == pair.Second ? 1.0 : 0);
        return right.DefaultIfEmpty().Average().ToString("F3", CultureInfo.InvariantCulture);
    }

    private static void Show(SmallWorldQuestion[] questions, string[] answers, int shown)
    {
        foreach ((SmallWorldQuestion question, string answer) in questions.Zip(answers).Where(pair => pair.First.Answer != pair.Second).Take(shown))
        {
            Console.WriteLine($"{string.Join("\n", question.Passages)}\n{question.Question}\n  {answer} ({Fault(question, answer)}; right: "
                + $"{question.Answer})\n");
        }
    }

    private static string Fault(SmallWorldQuestion question, string answer) =>
        answer == SmallWorldQuestion.Refusal ? "refused though it is said"
        : !question.IsAnswerable ? "answered though it is not said"
        : question.Passages.Any(passage => passage.Contains(answer, StringComparison.Ordinal)) ? "other words of the passage"
        : "not in the passage";

    private static string[] Answers(LanguageModel model, SmallWorldQuestion[] questions, bool passage)
    {
        Conversation[] asked =
            [.. questions.Select(question =>
                new Conversation([new(Role.User, passage ? $"{string.Join("\n\n", question.Passages)}\n\n{question.Question}" : question.Question)]))];
        return [.. asked.Chunk(32).SelectMany(chunk => model.Complete(chunk, new GenerationOptions { MaxTokens = 24, Temperature = 0 }))
            .Select(answer => answer.Text.Trim())];
    }
}
