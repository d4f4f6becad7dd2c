using TransferLab.Data;
using TransferLab.Models;
using TransferLab.Strategies;
using TransferLab.Training;

namespace TransferLab.Comparison;

/// <summary>How ways of answering are compared.</summary>
public sealed record AnswerOptions
{
    private const int MostSeeds = 1000, MostTokens = 1 << 16;

    /// <summary>The ways, in the order of the table.</summary>
    public required IReadOnlyList<AnswerWay> Ways { get; init; }

    /// <summary>How many seeds, 1 to this number; of what is not tuned one says all.</summary>
    public int Seeds { get; init; } = 1;

    /// <summary>How adaptations are tuned.</summary>
    public LanguageTuning Tuning { get; init; } = new();

    /// <summary>Most tokens of an answer.</summary>
    public int AnswerTokens { get; init; } = 128;

    /// <summary>Examples that <c>few-shot</c> shows.</summary>
    public int Shots { get; init; } = 3;

    /// <summary>Passages that <c>rag</c> shows.</summary>
    public int Passages { get; init; } = 3;

    /// <summary>How passages and question are written.</summary>
    public string Prompt { get; init; } = AnswerContext.DefaultPrompt;

    /// <summary>What the documents hold; empty where there are none.</summary>
    public IReadOnlyList<Passage> Documents { get; init; } = [];

    /// <summary>Looks passages up; null where there are no documents.</summary>
    public IPassageRetriever? Retriever { get; init; }

    /// <summary>Seconds that it took to make the index.</summary>
    public double IndexSeconds { get; init; }

    /// <summary>Seconds of the trials by which numbers of passages and examples were chosen, each; 0 where they were given.</summary>
    public double ChoiceSeconds { get; init; }

    /// <summary>
    /// Numbers of training questions, drawn so that fewer are part of more: several give learning curves, and all else is of the largest. Empty for all that
    /// there are.
    /// </summary>
    public IReadOnlyList<int> TrainSizes { get; init; } = [];

    /// <summary>What was said when something was chosen; for the report.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Writes the index into a folder, so that ways which look passages up are kept whole; null where they are not kept.</summary>
    public Action<string>? SaveIndex { get; init; }

    /// <summary>Says of answers in other words whether they are right, in a column of its own; null for none. It stays the caller's.</summary>
    public IAnswerJudge? Judge { get; init; }

    /// <summary>What tokens or hours cost; null where only seconds are told.</summary>
    public AnswerPrices? Prices { get; init; }

    /// <summary>Facts that change after the comparison, so that every way that can be used is asked again, and mended; null for none.</summary>
    public AnswerChanges? Changes { get; init; }

    /// <summary>Where answers are written, and in which type; null for float32 on this machine's processor, or its GPU.</summary>
    public ComputeDevice? Compute { get; init; }

    /// <summary>Where adaptations are tuned; null for what suits the machine.</summary>
    public ComputeDevice? TuningCompute { get; init; }

    /// <summary>The folder that receives predictions, ways and results; null for none.</summary>
    public string? OutputFolder { get; init; }

    /// <summary>Whether what is finished in it is done anew.</summary>
    public bool Restart { get; init; }

    /// <summary>Whether ways are kept whole.</summary>
    internal bool SavesWays { get; init; } = true;

    /// <summary>Least time between two writings of what is under way.</summary>
    public TimeSpan KeepEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The command that repeats the comparison, for the report.</summary>
    public string Command { get; init; } = "";

    /// <summary>Refuses what cannot be compared.</summary>
    /// <param name="data">The questions.</param>
    /// <exception cref="ArgumentException">One line: what was given and what is allowed.</exception>
    public void Validate(QuestionSet data)
    {
        if (Ways.Count == 0 || Ways.GroupBy(way => way.Name).Any(group => group.Count() > 1))
        {
            throw new ArgumentException(Ways.Count == 0
                ? "There is no way to compare; name one, such as prompt."
                : $"The way '{Ways.GroupBy(way => way.Name).First(group => group.Count() > 1).Key}' is named twice; each is compared once.");
        }

        if (TrainSizes.Count > 1 && AnswerCurves.Ways(Ways).Count == 0)
        {
            throw new ArgumentException(
                "Several numbers of training questions need a way that depends on them, such as few-shot or lora; name one, or leave the numbers out.");
        }

        Within("The number of seeds", Seeds, 1, MostSeeds);
        Within("Tokens of an answer", AnswerTokens, 1, MostTokens);
        Within("Examples that are shown", Shots, 1, 100);
        _ = new AnswerContext(passages: Passages, prompt: Prompt);
        if (Ways.FirstOrDefault(way => way.NeedsPassages && (Documents.Count == 0 || Retriever is null)) is { } without)
        {
            throw new ArgumentException($"The way '{without.Name}' needs documents to look passages up in; name a folder of them, or leave the way out.");
        }

        if (TrainSizes.Count > 0 && (TrainSizes.Min() < 1 || TrainSizes.Max() > data.Train.Count || TrainSizes.Distinct().Count() < TrainSizes.Count))
        {
            throw new ArgumentException(
                $"Numbers of training questions: different ones of 1 to {data.Train.Count}, which is all that {data.Name} has, not "
                    + $"{string.Join(", ", TrainSizes)}.");
        }

        if (Changes is not null && (OutputFolder is null || (Retriever is not null && SaveIndex is null)))
        {
            throw new ArgumentException("Changes are tried on ways that are kept; name an output folder, and how the index is written.");
        }

        if (Changes is { Retriever: null } && Ways.FirstOrDefault(way => way.NeedsPassages) is { } unread)
        {
            throw new ArgumentException($"The way '{unread.Name}' looks passages up, and the changes come without documents; give those after the change too.");
        }

        if (Ways.FirstOrDefault(way => way.NeedsTraining && data.Train.Count == 0) is { } untaught)
        {
            throw new ArgumentException($"The way '{untaught.Name}' needs training questions, and {data.Name} has none; leave the way out.");
        }
    }

    private static void Within(string what, int value, int least, int most)
    {
        if (value < least || value > most)
        {
            throw new ArgumentException($"{what}: {least} to {most}, not {value}.");
        }
    }
}
