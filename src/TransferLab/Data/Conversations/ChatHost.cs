namespace TransferLab.Data;

/// <summary>What one place that trains on chat data takes. A host is a value: the check knows none by name.</summary>
public sealed record ChatHost
{
    private static readonly ChatShape[] s_all = [ChatShape.Messages, ChatShape.PromptCompletion, ChatShape.Instruction, ChatShape.ShareGpt];
    private static readonly Role[] s_everyone = [Role.System, Role.Developer, Role.User, Role.Assistant, Role.Tool];

    /// <summary>Its name in options and messages.</summary>
    public required string Name { get; init; }

    /// <summary>Fewer rows than this are a fault; 0 where fewer are only warned of.</summary>
    public int MinimumRows { get; init; }

    /// <summary>More rows than this are a fault; null where no limit is known.</summary>
    public int? MaximumRows { get; init; }

    /// <summary>Larger files are a fault; null where no limit is known.</summary>
    public long? MaximumBytes { get; init; }

    /// <summary>Rows from which on it is advised to train.</summary>
    public int AdvisedRows { get; init; } = 50;

    /// <summary>The shapes of rows it reads.</summary>
    public IReadOnlyList<ChatShape> Shapes { get; init; } = s_all;

    /// <summary>The roles it knows.</summary>
    public IReadOnlyList<Role> Roles { get; init; } = s_everyone;

    /// <summary>It reads JSON Lines alone: an array over the whole file is a fault.</summary>
    public bool JsonLinesOnly { get; init; }

    /// <summary>It refuses rows of several shapes in one file.</summary>
    public bool RefusesMixedShapes { get; init; }

    /// <summary>It refuses two turns of the user in a row.</summary>
    public bool RefusesTwoQuestions { get; init; }

    /// <summary>It refuses two turns of the assistant in a row.</summary>
    public bool RefusesTwoAnswers { get; init; }

    /// <summary>It refuses an answer before the first question.</summary>
    public bool RefusesAnswerFirst { get; init; }

    /// <summary>It trains by rows and epochs as OpenAI does, so that a default number of epochs can be told.</summary>
    public bool CountsEpochsLikeOpenAI { get; init; }

    /// <summary>Where its rules were read, or why they are assumed.</summary>
    public required string Source { get; init; }

    /// <summary>Members of a row that something else reads, such as the facts of questions: they are passed over.</summary>
    internal IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>OpenAI's fine-tuning, and whoever speaks its interface.</summary>
    public static ChatHost OpenAI { get; } = new()
    {
        Name = "openai",
        MinimumRows = 10,
        MaximumBytes = 512L << 20,
        Shapes = [ChatShape.Messages],
        JsonLinesOnly = true,
        CountsEpochsLikeOpenAI = true,
        Source = "OpenAI's guide to supervised fine-tuning, openapi.yaml and cookbook (examples/Chat_finetuning_data_prep.ipynb)",
    };

    /// <summary>Azure's, which takes what OpenAI takes but two answers in a row.</summary>
    public static ChatHost Azure { get; } = OpenAI with
    {
        Name = "azure",
        RefusesTwoAnswers = true,
        Source = "OpenAI's rules, and microsoft-foundry/fine-tuning#23"
    };

    /// <summary>Together: strict alternation, one shape a file.</summary>
    public static ChatHost Together { get; } = new()
    {
        Name = "together",
        Shapes = [ChatShape.Messages, ChatShape.PromptCompletion],
        JsonLinesOnly = true,
        RefusesMixedShapes = true,
        RefusesTwoQuestions = true,
        RefusesTwoAnswers = true,
        RefusesAnswerFirst = true,
        Source = "Together's guide to preparing data for fine-tuning",
    };

    /// <summary>Fireworks.</summary>
    public static ChatHost Fireworks { get; } = new()
    {
        Name = "fireworks",
        MinimumRows = 3,
        MaximumRows = 3_000_000,
        Shapes = [ChatShape.Messages],
        Roles = [Role.System, Role.User, Role.Assistant],
        JsonLinesOnly = true,
        Source = "Fireworks' guide to supervised fine-tuning",
    };

    /// <summary>Vertex AI.</summary>
    public static ChatHost Vertex { get; } = new()
    {
        Name = "vertex",
        MinimumRows = 16,
        AdvisedRows = 100,
        Shapes = [ChatShape.Messages],
        JsonLinesOnly = true,
        Source = "Vertex AI's guide to supervised fine-tuning",
    };

    /// <summary>Training here, by the stricter rules of torchtune's <c>validate_messages</c>.</summary>
    public static ChatHost Local { get; } = new()
    {
        Name = "local",
        RefusesTwoQuestions = true,
        RefusesAnswerFirst = true,
        Source = "torchtune's validate_messages",
    };

    /// <summary>Mistral: no public rules were found, so the local ones stand.</summary>
    public static ChatHost Mistral { get; } = Local with { Name = "mistral", Source = "the local rules, for want of published ones" };

    /// <summary>All hosts, in the order in which they are named to people.</summary>
    public static IReadOnlyList<ChatHost> All { get; } = [OpenAI, Azure, Together, Fireworks, Vertex, Mistral, Local];

    /// <summary>The host of that name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static ChatHost Named(string name) => All.FirstOrDefault(host => host.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException($"'{name}' is no host; there are {string.Join(", ", All.Select(host => host.Name))}.");
}
