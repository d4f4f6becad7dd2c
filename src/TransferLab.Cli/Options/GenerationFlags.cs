using System.CommandLine;
using TransferLab.Networks;

namespace TransferLab.Cli;

/// <summary>The options that say how a language model writes.</summary>
internal sealed class GenerationFlags
{
    private readonly Option<double> _temperature = new Option<double>("--temperature")
    {
        Description = "0 takes the likeliest token every time; above that tokens are drawn, the more freely the higher",
        HelpName = "X",
    }.Within(0, 100);
    private readonly Option<double?> _topP = new Option<double?>("--top-p")
    {
        Description = "Draw from the likeliest tokens that together have this probability",
        HelpName = "P",
    }.Within(1e-6, 1);
    private readonly Option<int?> _topK = new Option<int?>("--top-k")
    {
        Description = "Draw from so many likeliest tokens",
        HelpName = "N",
    }.Within(1, int.MaxValue);
    private readonly Option<int> _maxTokens = new Option<int>("--max-tokens")
    {
        Description = "Most tokens of an answer",
        DefaultValueFactory = _ => new GenerationOptions().MaxTokens,
        HelpName = "N",
    }.Within(1, 1 << 20);
    private readonly Option<int> _seed = new("--seed") { Description = "Seed of the draws", DefaultValueFactory = _ => 1, HelpName = "N" };
    private readonly Option<string[]> _stop = new("--stop") { Description = "Text at which an answer ends; may be given several times", HelpName = "TEXT" };

    /// <summary>The options, to be added to a command.</summary>
    public IEnumerable<Option> All => [_temperature, _topP, _topK, _maxTokens, _seed, _stop];

    /// <summary>How a model writes that has defaults of its own, such as a way that was compared.</summary>
    public GenerationOptions Of(GenerationOptions read, Models.LanguageModel model, ParseResult arguments) =>
        arguments.GetResult(_maxTokens) is { Implicit: false } ? read : read with { MaxTokens = model.Defaults.MaxTokens };

    /// <summary>How it writes. Who says from what to draw, and no temperature, has one of 1.</summary>
    /// <exception cref="ArgumentException">A stop text is empty.</exception>
    public GenerationOptions Read(ParseResult arguments)
    {
        (double? topP, int? topK) = (arguments.GetValue(_topP), arguments.GetValue(_topK));
        string[] stop = arguments.GetValue(_stop) ?? [];
        return new()
        {
            Temperature = arguments.GetResult(_temperature) is null && (topP ?? topK) is not null ? 1 : arguments.GetValue(_temperature),
            TopP = topP ?? 1,
            TopK = topK ?? 0,
            MaxTokens = arguments.GetValue(_maxTokens),
            Seed = arguments.GetValue(_seed),
            Stop = stop.Contains("") ? throw new ArgumentException("--stop: is empty, which would end every answer before it begins.") : stop,
        };
    }
}
