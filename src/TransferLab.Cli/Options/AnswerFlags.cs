using System.CommandLine;
using System.Globalization;
using TransferLab.Backbones;
using TransferLab.Cli.Hosted;
using TransferLab.Comparison;
using TransferLab.Models;
using TransferLab.Strategies;

namespace TransferLab.Cli;

/// <summary>The options of a comparison of answers.</summary>
internal sealed class AnswerFlags
{
    private static readonly AnswerOptions s_defaults = new() { Ways = [] };

    // What means the same for answers as for labels.
    private static readonly string[] s_shared = ["--strategies", "--seeds", "--tune", "--restart", "--out", "--replace", "--data-root", "--device",
        "--precision"];

    private readonly Option<string?> _chat = new("--chat")
    {
        Description =
            "Questions with their answers: a folder with train.jsonl and test.jsonl, a .jsonl file (split by fact), or SQuAD's JSON; compares prompting, "
                + "retrieval and tuning. Without a value: the embedded small world",
        HelpName = "FILE|DIR|NAME",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _documents = new("--documents")
    {
        Description = "Files that hold the knowledge: a folder or a file (.txt, .md, .html, .csv, .jsonl, .pdf); those of SQuAD's JSON are its paragraphs",
        HelpName = "DIR|FILE",
    };
    private readonly Option<string?> _changes = new("--changes")
    {
        Description =
            "Facts that change afterwards: rows as in the test with the new answer, matched by fact or by the question; every way is asked again, and mended",
        HelpName = "FILE",
    };

    private readonly Option<string?> _documentsAfter = new("--documents-after")
    {
        Description = "The documents after the change; where not given, the new answers take the old ones' place in the passages",
        HelpName = "DIR|FILE",
    };
    private readonly Option<string?> _model = new("--model") { Description = $"The language model of --chat: {ModelResolver.Grammar}", HelpName = "M" };
    private readonly Option<string> _retriever = new("--retriever")
    {
        Description = "How passages are found: bm25 (words), dense (meaning, English) or fused (both)",
        DefaultValueFactory = _ => "bm25",
        HelpName = "HOW",
    };
    private readonly Option<int> _passages = new Option<int>("--passages")
    {
        Description = "Passages that rag shows",
        DefaultValueFactory = _ => s_defaults.Passages,
        HelpName = "K",
    }.Within(1, 100);
    private readonly Option<int> _shots = new Option<int>("--shots")
    {
        Description = "Examples that few-shot shows",
        DefaultValueFactory = _ => s_defaults.Shots,
        HelpName = "K",
    }.Within(1, 100);
    private readonly Option<string?> _prompt = new("--passage-prompt")
    {
        Description = "How passages and question are written, with {passages} and {question} in it",
        HelpName = "TEXT",
    };
    private readonly Option<int> _tokens = new Option<int>("--answer-tokens")
    {
        Description = "Most tokens of an answer",
        DefaultValueFactory = _ => s_defaults.AnswerTokens,
        HelpName = "N",
    }.Within(1, 1 << 16);
    private readonly Option<int?> _questions = new Option<int?>("--questions")
    {
        Description = "Ask so many test questions at most, drawn by cluster",
        HelpName = "N",
    }.Within(1, 10_000_000);
    private readonly Option<string?> _train = new("--train")
    {
        Description = "Draw so many training questions; a list such as 10,50,100,all gives learning curves of few-shot and of what is tuned",
        HelpName = "N,N,...",
    };

    private readonly Option<int> _epochs = new Option<int>("--epochs")
    {
        Description = "Passes over the training questions, in ways that are tuned",
        DefaultValueFactory = _ => s_defaults.Tuning.Epochs,
        HelpName = "N",
    }.Within(1, 1000);
    private readonly Option<int> _batch = new Option<int>("--batch-size")
    {
        Description = "Training questions a batch",
        DefaultValueFactory = _ => s_defaults.Tuning.BatchSize,
        HelpName = "N",
    }.Within(1, 4096);
    private readonly Option<double?> _rate = new Option<double?>("--learning-rate")
    {
        Description = "Peak learning rate; 1e-3 for adapters, 2e-4 otherwise",
        HelpName = "RATE",
    }.Within(1e-9, 1);
    private readonly Option<int> _rank = new Option<int>("--rank")
    {
        Description = "Rank of adapters",
        DefaultValueFactory = _ => s_defaults.Tuning.Rank,
        HelpName = "N",
    }.Within(1, 1024);
    private readonly Option<double> _priceIn = new Option<double>("--price-in")
    {
        Description = "Price of a million tokens that are read",
        HelpName = "X",
    }.Within(0, 1e9);
    private readonly Option<double> _priceOut = new Option<double>("--price-out")
    {
        Description = "Price of a million tokens that are written",
        HelpName = "X",
    }.Within(0, 1e9);
    private readonly Option<double> _priceHour = new Option<double>("--price-hour")
    {
        Description = "Price of an hour of the machine",
        HelpName = "X",
    }.Within(0, 1e9);

    private readonly Option<string?> _judge = new("--judge")
    {
        Description = "A model that also says of every answer whether it says what a right one says, in a column of its own: as --model, or its name at "
            + "--judge-host",
        HelpName = "M",
    };
    private readonly Option<string?> _judgeHost = new("--judge-host")
    {
        Description = "The host whose model judges; questions, right answers and what was answered leave the machine",
        HelpName = "URL",
    };

    /// <summary>The host that is asked instead of a model of this machine.</summary>
    public HostFlags Host { get; } = new();

    /// <summary>The options, to be added to a command.</summary>
    public IEnumerable<Option> All =>
        [_chat, _documents, _changes, _documentsAfter, _model, _retriever, _passages, _shots, _prompt, _tokens, _questions, _train, _epochs, _batch, _rate,
            _rank, _priceIn, _priceOut, _priceHour, _judge, _judgeHost,
            .. Host.All];

    /// <summary>Whether answers are compared. Options of the other kind are refused.</summary>
    /// <exception cref="ArgumentException">An option is given that is for the other kind.</exception>
    public bool IsGiven(ParseResult arguments)
    {
        bool isGiven = arguments.GetResult(_chat) is not null;
        HashSet<string> own = [.. All.Select(option => option.Name)];
        Option? stray = arguments.CommandResult.Command.Options.FirstOrDefault(option => arguments.GetResult(option) is { Implicit: false }
            && option.Name is not ("--help" or "--version")
            && (isGiven ? !own.Contains(option.Name) && !s_shared.Contains(option.Name) : own.Contains(option.Name)));
        return stray is null ? isGiven : throw new ArgumentException(isGiven
            ? $"{stray.Name} is for images and texts, and --chat compares answers; leave it out."
            : $"{stray.Name} is for comparisons of answers; name the questions with --chat, or leave it out.");
    }

    /// <summary>The questions' place; null for the embedded small world.</summary>
    public string? Chat(ParseResult arguments) => arguments.GetValue(_chat) is { } given && !given.Equals(SmallWorld.Name, StringComparison.OrdinalIgnoreCase)
        ? given
        : null;

    public string? Documents(ParseResult arguments) => arguments.GetValue(_documents);

    public string? Changes(ParseResult arguments) => arguments.GetValue(_changes);

    public string? DocumentsAfter(ParseResult arguments) => arguments.GetValue(_documentsAfter);

    public int? Questions(ParseResult arguments) => arguments.GetValue(_questions);

    /// <summary>Numbers of training questions; empty where nothing is said.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="all">How many there are.</param>
    /// <exception cref="ArgumentException">A word is no number.</exception>
    public IReadOnlyList<int> Sizes(ParseResult arguments, int all) => arguments.GetValue(_train) is not { } list ? [] :
    [
        .. list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(word => word == "all" ? all : int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size > 0 ? size
                : throw new ArgumentException($"--train {list}: '{word}' is not a number of training questions; give one, or several as 10,50,100,all."))
                    .Distinct(),
    ];

    /// <summary>The model's name, which own questions always need: the embedded model knows its own world alone.</summary>
    /// <exception cref="ArgumentException">None is given.</exception>
    public string Model(ParseResult arguments) => arguments.GetValue(_model) ?? (Chat(arguments) is null ? SmallWorld.Name : throw new ArgumentException(
        "--chat needs the language model that answers, --model M: hf:HuggingFaceTB/SmolLM2-135M-Instruct is a small one that is fetched, smollm2_135m_instruct "
            + "the same of the catalogue under --data-root; or a GGUF file or folder."));

    /// <summary>The model's name at a host.</summary>
    /// <exception cref="ArgumentException">None is given.</exception>
    public string HostedModel(ParseResult arguments) => arguments.GetValue(_model) is { Length: > 0 } name ? name
        : throw new ArgumentException("--host needs --model NAME: the model's name there, such as gpt-4.1-mini.");

    /// <summary>The model that judges; null for none.</summary>
    public string? Judge(ParseResult arguments) => arguments.GetValue(_judge);

    /// <summary>The host whose model judges; null for one of this machine.</summary>
    /// <exception cref="ArgumentException">It cannot be used, or no model of it is named.</exception>
    public ModelHost? JudgeHost(ParseResult arguments) => arguments.GetValue(_judgeHost) is not { } url ? null
        : Judge(arguments) is null ? throw new ArgumentException("--judge-host needs --judge NAME: the name there of the model that judges.")
        : Host.Other(arguments, url);

    /// <summary>How passages are found.</summary>
    /// <exception cref="ArgumentException">In no known way.</exception>
    public string Retriever(ParseResult arguments) => arguments.GetRequiredValue(_retriever) is "bm25" or "dense" or "fused"
        ? arguments.GetRequiredValue(_retriever)
        : throw new ArgumentException($"--retriever {arguments.GetRequiredValue(_retriever)}: choose bm25, dense or fused.");

    /// <summary>What the options say; ways, documents and folders are somebody else's.</summary>
    public AnswerOptions Read(ParseResult arguments)
    {
        AnswerPrices prices = new(arguments.GetValue(_priceIn), arguments.GetValue(_priceOut), arguments.GetValue(_priceHour));
        string prompt = arguments.GetValue(_prompt) ?? AnswerContext.DefaultPrompt;
        _ = new AnswerContext(prompt: prompt);
        return new()
        {
            Ways = [],
            Tuning = new LanguageTuning
            {
                Epochs = arguments.GetValue(_epochs),
                BatchSize = arguments.GetValue(_batch),
                LearningRate = arguments.GetValue(_rate),
                Rank = arguments.GetValue(_rank),
            },
            AnswerTokens = arguments.GetValue(_tokens),
            Shots = arguments.GetValue(_shots),
            Passages = arguments.GetValue(_passages),
            Prompt = prompt,
            Prices = prices is { InputMillion: 0, OutputMillion: 0, Hour: 0 } ? null : prices,
        };
    }
}
