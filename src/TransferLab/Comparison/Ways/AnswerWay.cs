using TransferLab.Strategies;

namespace TransferLab.Comparison;

/// <summary>One way to get answers: how the model was adapted, and what it is given beside a question. A row of a comparison of answers.</summary>
public sealed record AnswerWay
{
    /// <summary>Name of the way that reads on in the documents before it is tuned.</summary>
    internal const string DomainAdaptive = "domain-adaptive";

    /// <summary>Name of the way that is tuned with passages beside the questions.</summary>
    internal const string Raft = "raft";

    private static readonly (string Name, WayContext Context, string Description)[] s_contexts =
    [
        ("few-shot", WayContext.FewShot, "the training questions most alike shown with their answers"),
        ("rag", WayContext.Rag, "passages looked up and shown"),
        ("oracle", WayContext.Oracle, "the right passage shown: what perfect retrieval is worth"),
        ("shuffled", WayContext.Shuffled, "a wrong passage shown: whether passages are read"),
    ];

    private static readonly (string Name, WayContext Context, string Description)[] s_alone =
    [
        ("prompt", WayContext.None, "the model as it is, asked the question alone"),
        ("nearest", WayContext.Nearest, "no model: the answer of the training question most alike"),
        ("majority", WayContext.Majority, "no model: the commonest training answer"),
    ];

    /// <summary>Its name: <c>lora+rag</c>.</summary>
    public required string Name { get; init; }

    /// <summary>How the model is tuned; null where it stays as it is.</summary>
    public TransferStrategy? Adaptation { get; init; }

    /// <summary>What it is given.</summary>
    public required WayContext Context { get; init; }

    /// <summary>What it does, in one sentence.</summary>
    public required string Description { get; init; }

    /// <summary>What it is in the comparison.</summary>
    public StrategyRole Role => Context switch
    {
        WayContext.Nearest or WayContext.Majority => StrategyRole.Baseline,
        WayContext.Oracle or WayContext.Shuffled => StrategyRole.Control,
        _ => StrategyRole.Transfer,
    };

    /// <summary>The context as names have it: <c>few-shot</c>; null for none.</summary>
    public string? ContextName => s_contexts.Concat(s_alone).FirstOrDefault(item => item.Context == Context && Context != WayContext.None).Name;

    /// <summary>Whether a model answers.</summary>
    public bool HasModel => Role != StrategyRole.Baseline;

    /// <summary>Whether somebody could use it: controls know the right answers.</summary>
    public bool CanBeUsed => Role == StrategyRole.Transfer;

    /// <summary>Whether there must be passages.</summary>
    public bool NeedsPassages => Context is WayContext.Rag or WayContext.Oracle or WayContext.Shuffled || Adaptation?.Name is Raft or DomainAdaptive;

    /// <summary>Whether there must be training rows.</summary>
    public bool NeedsTraining => Adaptation is not null || Context is WayContext.FewShot or WayContext.Nearest or WayContext.Majority;

    /// <summary>The ways that are compared where nobody says.</summary>
    /// <param name="hasPassages">Whether there are passages.</param>
    /// <param name="hasTraining">Whether there are training rows.</param>
    public static IReadOnlyList<AnswerWay> Default(bool hasPassages, bool hasTraining) =>
        Among(["prompt", "few-shot", "rag", "lora", "lora+rag", "oracle", "nearest"], hasPassages, hasTraining);

    /// <summary>All that there are, for <c>all</c>: every adaptation in the contexts that are of use with it.</summary>
    /// <param name="hasPassages">Whether there are passages.</param>
    /// <param name="hasTraining">Whether there are training rows.</param>
    public static IReadOnlyList<AnswerWay> All(bool hasPassages, bool hasTraining) => Among(
        [
            "prompt", "few-shot", "rag", "lora", "lora+rag", "full", "full+rag", "last-4", "last-4+rag", DomainAdaptive, $"{DomainAdaptive}+rag", Raft,
                $"{Raft}+rag",
            "oracle", "lora+oracle", $"{Raft}+oracle", "shuffled", "nearest", "majority",
        ],
        hasPassages, hasTraining);

    /// <summary>Finds a way by its name.</summary>
    /// <param name="name">A context (<c>prompt</c>, <c>few-shot</c>, <c>rag</c>, <c>oracle</c>, <c>shuffled</c>), a control (<c>nearest</c>, <c>majority</c>),
    /// an adaptation such as <c>lora</c>, or an adaptation and a context with a plus between.</param>
    /// <exception cref="ArgumentException">There is none of that name: one line.</exception>
    public static AnswerWay Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string[] parts = name.Split('+');
        if (parts.Length == 1 && s_alone.Concat(s_contexts).FirstOrDefault(item => item.Name == name) is { Name: not null } alone)
        {
            return new() { Name = name, Context = alone.Context, Description = alone.Description };
        }

        if (parts.Length > 2 || (parts.Length == 2 && !s_contexts.Any(item => item.Name == parts[1])))
        {
            throw new ArgumentException(
                $"There is no way '{name}': an adaptation and a context have one plus between them, and contexts are "
                    + $"{string.Join(", ", s_contexts.Select(item => item.Name))}; lora+rag, say.");
        }

        TransferStrategy adaptation = AdaptationOf(parts[0], name);
        (string Name, WayContext Context, string Description)? context = parts.Length == 1 ? null : s_contexts.First(item => item.Name == parts[1]);
        return new()
        {
            Name = name,
            Adaptation = adaptation,
            Context = context?.Context ?? WayContext.None,
            Description = context is null ? Tuned(adaptation.Name) : $"{Tuned(adaptation.Name)}; {context.Value.Description}",
        };
    }

    private static AnswerWay[] Among(IEnumerable<string> names, bool hasPassages, bool hasTraining) =>
        [.. names.Select(Find).Where(way => (hasPassages || !way.NeedsPassages) && (hasTraining || !way.NeedsTraining))];

    private static TransferStrategy AdaptationOf(string name, string whole)
    {
        if (name is Raft or DomainAdaptive)
        {
            return TransferStrategy.LowRank() with { Name = name, Description = Tuned(name) };
        }

        if (StrategyFile.IsFile(name) || StrategyCatalog.Known(name) is not TransferStrategy known)
        {
            throw new ArgumentException(
                $"There is no way '{whole}'; choose from {string.Join(", ", s_alone.Concat(s_contexts).Select(item => item.Name))}, lora, full, last-1, "
                    + $"last-2, last-4, {Raft}, {DomainAdaptive}, "
                + "and these last with +few-shot, +rag, +oracle or +shuffled.");
        }

        _ = new LanguageTuning().Apply(known); // What a language model does not suit is refused here, by name.
        return known;
    }

    private static string Tuned(string name) => name switch
    {
        "lora" => "low-rank adapters tuned on the training answers",
        "full" => "all weights tuned on the training answers",
        Raft => "low-rank adapters tuned on the training answers with passages beside the questions, the right one sometimes missing (RAFT; Zhang et al. 2024)",
        DomainAdaptive => "low-rank adapters that read on in the documents, then tuned on the training answers",
        _ => $"{name}, tuned on the training answers",
    };
}
