using System.CommandLine;
using TransferLab.Backbones;
using TransferLab.Comparison.Advice;
using TransferLab.Data;
using TransferLab.Models;
using TransferLab.Reporting;

namespace TransferLab.Cli.Commands;

/// <summary><c>transferlab advise --chat</c>: which way of answering to start with.</summary>
internal sealed class AdviseAnswers
{
    private readonly Option<string?> _chat = new("--chat")
    {
        Description =
            "Questions with their answers, as compare --chat takes them: which way of answering to start with. Without a value: the embedded small world",
        HelpName = "FILE|DIR|NAME",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _documents = new("--documents") { Description = "Files that hold the knowledge", HelpName = "DIR|FILE" };
    private readonly Option<string?> _model = new("--model")
    {
        Description = $"The language model that would answer; without one the guide alone is asked: {ModelResolver.Grammar}",
        HelpName = "M",
    };
    private readonly Option<string?> _changes = new("--changes-per")
    {
        Description = "How often facts change: within a day, week, month or year, or never",
        HelpName = "TIME",
    };

    /// <summary>The options, to be added to a command.</summary>
    public IEnumerable<Option> All => [_chat, _documents, _model, _changes];

    /// <summary>Whether questions are meant. Options of the other kinds are refused.</summary>
    /// <exception cref="ArgumentException">An option is given that is for the other kind.</exception>
    public bool IsGiven(ParseResult arguments)
    {
        bool isGiven = arguments.GetResult(_chat) is not null;
        string[] own = [.. All.Select(option => option.Name)], shared = ["--data-root", "--device", "--precision", "--check", "--facts", "--help", "--version"];
        Option? stray = arguments.CommandResult.Command.Options.FirstOrDefault(option => arguments.GetResult(option) is { Implicit: false }
            && (isGiven ? !own.Contains(option.Name) && !shared.Contains(option.Name) : own.Contains(option.Name)));
        return stray is null ? isGiven : throw new ArgumentException(isGiven
            ? $"{stray.Name} is for images and texts, and --chat advises on answers; leave it out."
            : $"{stray.Name} is for advice on answers; name the questions with --chat, or leave it out.");
    }

    /// <summary>Says how often advice was right on measured comparisons.</summary>
    /// <param name="arguments">The command line; what says how to look at questions is refused.</param>
    /// <param name="folders">Of <c>--check</c>, which are for images and texts.</param>
    /// <param name="facts">A file of measured comparisons; null for those that come with the program.</param>
    /// <exception cref="ArgumentException">Something is given that a check does not look at.</exception>
    public void Check(ParseResult arguments, string[] folders, string? facts)
    {
        if (folders.Length > 0)
        {
            throw new ArgumentException(
                $"--check {folders[0]}: folders are for images and texts; of answers it checks what comes with the program, or --facts FILE.");
        }

        bool IsExtra(Option option) => arguments.GetResult(option) is { Implicit: false } given && (option != _chat || given.Tokens.Count > 0);
        if (All.FirstOrDefault(IsExtra) is { } stray)
        {
            throw new ArgumentException(
                $"{stray.Name}{(stray == _chat ? " with a value" : "")} is for advice, and --check looks at what was measured; leave it out.");
        }

        AnswerAdviceCheck check = AnswerAdviceCheck.Of(facts is null ? AnswerFacts.Embedded() : AnswerFacts.Read(facts));
        Console.Out.WriteLine(AdviceText.Of(check).TrimEnd('\n'));
    }

    /// <summary>Advises.</summary>
    public void Run(ParseResult arguments, ComputeOptions compute, string? dataRoot, CancellationToken cancellation)
    {
        FactChange changes = Changes(arguments.GetValue(_changes));
        string? given = arguments.GetValue(_chat) is { } name && !name.Equals(SmallWorld.Name, StringComparison.OrdinalIgnoreCase) ? name : null;
        string chat = given is null ? SmallWorldTask.Folder() : DataSource.Find(given, "--chat", dataRoot, Path.Exists);
        string? documents = arguments.GetValue(_documents) ?? (given is null ? Path.Combine(chat, SmallWorldTask.Documents) : null);
        string? model = (arguments.GetValue(_model) ?? (given is null ? SmallWorld.Name : null)) is { } asked
            ? LanguageOptions.Locate(asked, dataRoot, cancellation)
            : null;
        QuestionSet data = QuestionSet.Read(chat);
        using Library library = Library.Open(documents, data.Passages, "bm25", cancellation);
        Display.Warn(library.Warnings);
        AnswerMeter meter = new(data, library.Passages, library.Retriever);
        Console.Out.WriteLine(AdviceText.Of(AnswerAdvisor.Advise(model is null
            ? meter.Look(changes)
            : Look(meter, model, changes, compute, arguments, cancellation))).TrimEnd('\n'));
    }

    private static AnswerEvidence Look(AnswerMeter meter, string model, FactChange changes, ComputeOptions compute, ParseResult arguments,
        CancellationToken cancellation)
    {
        using LanguageModel opened = LanguageModel.Open(model, compute.Choose(arguments, answers: true), openIndex: Library.OpenIndex);
        return opened.Chat is null
            ? throw new ArgumentException(
                $"--model {model}: has no chat template: it goes on from texts, and does not answer; take a model that was taught to talk (its name often ends "
                    + $"in Instruct).")
            : meter.Look(opened, changes, cancellation);
    }

    private static FactChange Changes(string? given) => given is null ? FactChange.Unknown
        : Enum.TryParse(given, ignoreCase: true, out FactChange change) && Enum.IsDefined(change) && change != FactChange.Unknown
            && !char.IsAsciiDigit(given[0]) ? change
        : throw new ArgumentException($"--changes-per {given}: choose day, week, month, year or never.");
}
