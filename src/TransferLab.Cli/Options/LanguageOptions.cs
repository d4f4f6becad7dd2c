using System.CommandLine;
using TransferLab.Strategies;

namespace TransferLab.Cli;

/// <summary>The options of tuning a language model.</summary>
internal sealed class LanguageOptions
{
    private readonly Option<string?> _chat = new("--chat") { Description = "Conversations to tune a language model on: .jsonl or .json", HelpName = "FILE" };
    private readonly Option<string?> _corpus = new("--corpus")
    {
        Description = "Plain texts that a language model reads on in, alone or before --chat",
        HelpName = "FILE|DIR",
    };
    private readonly Option<string?> _model = new("--model") { Description = $"The language model: {ModelResolver.Grammar}", HelpName = "M" };
    private readonly Option<string?> _test = new("--test")
    {
        Description = "Conversations that are held out; a tenth of --chat where not given",
        HelpName = "FILE",
    };
    private readonly Option<int> _epochs = new("--epochs") { Description = "Passes over the conversations", DefaultValueFactory = _ => 3, HelpName = "N" };
    private readonly Option<int> _batch = new("--batch-size") { Description = "Conversations a batch", DefaultValueFactory = _ => 8, HelpName = "N" };
    private readonly Option<int> _accumulation = new("--accumulation") { Description = "Batches a step", DefaultValueFactory = _ => 1, HelpName = "N" };
    private readonly Option<double?> _rate = new("--learning-rate") { Description = "Peak learning rate; 1e-3 for lora, 2e-4 otherwise", HelpName = "RATE" };
    private readonly Option<int> _rank = new("--rank") { Description = "Rank of lora's adapters", DefaultValueFactory = _ => 16, HelpName = "N" };
    private readonly Option<double> _alpha = new("--alpha")
    {
        Description = "Strength of lora's adapters: alpha / rank",
        DefaultValueFactory = _ => 32,
        HelpName = "X",
    };
    private readonly Option<bool> _recompute = new("--recompute")
    {
        Description = "Compute inner results again in the backward pass instead of keeping up to 1 GB of them: less memory, a third more time",
    };
    private readonly Option<bool> _restart = new("--restart") { Description = "Begin anew instead of going on with what an interrupted run left" };

    /// <summary>The options, to be added to a command.</summary>
    public IEnumerable<Option> All => [_chat, _corpus, _model, _test, _epochs, _batch, _accumulation, _rate, _rank, _alpha, _recompute, _restart];

    /// <summary>The options that say that a language model is meant.</summary>
    public bool IsGiven(ParseResult arguments) => Chat(arguments) is not null || Corpus(arguments) is not null;

    /// <summary>Whether a language model is named, which only they need.</summary>
    public bool NamesModel(ParseResult arguments) => arguments.GetValue(_model) is not null;

    public string? Chat(ParseResult arguments) => arguments.GetValue(_chat);

    public string? Corpus(ParseResult arguments) => arguments.GetValue(_corpus);

    public string? Test(ParseResult arguments) => arguments.GetValue(_test);

    public bool Restarts(ParseResult arguments) => arguments.GetValue(_restart);

    /// <summary>The files of the model, which own data always needs.</summary>
    /// <exception cref="ArgumentException">None is named, or there is none.</exception>
    public string Model(ParseResult arguments, string? dataRoot, CancellationToken cancellation) =>
        Locate(arguments.GetValue(_model) ?? throw new ArgumentException(
        "Name the language model with --model: a GGUF file or a folder of the Hugging Face hub (SmolLM2-135M-Instruct is a small one), a name of the catalogue "
            + "under --data-root, or hf:owner/name."), dataRoot, cancellation);

    /// <summary>The files of a language model.</summary>
    public static string Locate(string model, string? dataRoot, CancellationToken cancellation) =>
        new ModelResolver(dataRoot, cancellation).FindLanguageModel(model).Path!;

    public LanguageTuning Tuning(ParseResult arguments) => new()
    {
        Epochs = arguments.GetValue(_epochs),
        BatchSize = arguments.GetValue(_batch),
        Accumulation = arguments.GetValue(_accumulation),
        LearningRate = arguments.GetValue(_rate) is not { } rate ? null
            : rate is > 0 and <= 1 ? rate : throw new ArgumentException(FormattableString.Invariant($"--learning-rate is above 0 and at most 1, not {rate}.")),
        Rank = arguments.GetValue(_rank) is >= 1 and <= 1024 and var rank
            ? rank
            : throw new ArgumentException($"--rank is 1 to 1024, not {arguments.GetValue(_rank)}."),
        Alpha = arguments.GetValue(_alpha),
        KeptBytes = arguments.GetValue(_recompute) ? 0 : new LanguageTuning().KeptBytes,
    };
}
