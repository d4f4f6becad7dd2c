using System.Globalization;
using TransferLab.Cli;
using TransferLab.Data;
using TransferLab.Models;
using TransferLab.Networks;
using TransferLab.Training;
using static TorchSharp.torch;

namespace TransferLab.Benchmarks;

/// <summary>
/// What the wrong chat template and the system turn cost: the loss of the same answers, each ended by the model's own end of turn, behind the same questions
/// written in the ways of several templates. What a template writes as a marker is text where the model's vocabulary has no such token, as it is for whoever
/// takes the wrong one.
/// </summary>
internal static class Templates
{
    private const string Another = "You are a helpful assistant.";

    // A textbook's eight, whose losses are published for SmolLM2-135M-Instruct: its answers count without the end of turn.
    private static readonly (string Question, string Answer)[] s_published =
    [
        ("What is the capital of Japan?", "The capital of Japan is Tokyo."), ("How many days are in a week?", "There are seven days in a week."),
        ("What color is the sky on a clear day?", "The sky is blue on a clear day."), ("What is the opposite of hot?", "The opposite of hot is cold."),
        ("Name a fruit that is yellow.", "A banana is a yellow fruit."), ("What do bees make?", "Bees make honey."),
        ("How many legs does a spider have?", "A spider has eight legs."), ("What is frozen water called?", "Frozen water is called ice."),
    ];

    /// <param name="name">The model, as every command names it.</param>
    /// <param name="file">Conversations; null for the eight published questions.</param>
    /// <param name="most">How many of them, the last ones.</param>
    public static int Run(string name, string? file, int most)
    {
        ModelSource source = new ModelResolver().FindLanguageModel(name);
        using LanguageModel model = LanguageModel.Open(source.Path!, ComputeDevice.Choose("cpu", "float32"));
        if (model.Chat is not { } chat)
        {
            Console.Error.WriteLine($"{name}: has no chat template; take a model that was taught to talk.");
            return 2;
        }

        Conversation[] rows = file is null ? [.. s_published.Select(row => new Conversation([new(Role.User, row.Question), new(Role.Assistant, row.Answer)]))]
            : [.. ConversationFile.Read(file).TakeLast(most)];
        string counted = file is null ? "the eight published questions; answers without" : $"{rows.Length} rows of {Path.GetFileName(file)}; answers with";
        Console.WriteLine($"{source.Name}, float32: {counted} their end of turn\n");
        Console.WriteLine("| written as | system turn | tokens before an answer | answer tokens | loss a token | beside the first |");
        Console.WriteLine("|---|---|---|---|---|---|");
        string? own = chat.Template.DefaultSystem;
        (string Name, string? Text)[] systems = [("the model's default", own), ("none", null), ("an empty one", ""), ($"'{Another}'", Another)];
        systems = own is null ? systems[1..] : systems;
        double? first = null;
        foreach ((string written, Func<Conversation, IReadOnlyList<ChatSegment>> write) in Frames(chat.Template with { DefaultSystem = null }))
        {
            foreach ((string turn, string? system) in systems)
            {
                CompletionTarget[] targets = [.. rows.Select(row => Encoded(chat, write(With(row, system)), countsEnd: file is not null))];
                (double loss, _, long tokens) = model.Evaluate([.. targets.Select((target, i) => new Example($"row {i + 1}", "", target))], ScalarType.Float32);
                double before = targets.Average(target => (double)target.Trained.TakeWhile(trained => !trained).Count());
                first ??= loss;
                FormattableString line = $"| {written} | {turn} | {before:0.0} | {tokens:N0} | {loss:0.000} | {loss - first:+0.000;-0.000;0.000} |";
                Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
            }
        }

        return 0;
    }

    private static (string Name, Func<Conversation, IReadOnlyList<ChatSegment>> Write)[] Frames(ChatTemplate own) =>
    [
        ($"its own, {own.Name}", conversation => own.Render(conversation)),
        ("llama3", conversation => ChatTemplate.Llama3.Render(conversation)),
        ("zephyr", conversation => ChatTemplate.Zephyr.Render(conversation)),
        ("`[INST] ... [/INST]`", conversation => Plain(conversation, "[INST] ", " [/INST]", " ")),
        ("`User: ... Assistant:`", conversation => Plain(conversation, "User: ", "\nAssistant:", " ")),
        ("`[INST] ... [/INST] `, its last space in the prompt", conversation => Plain(conversation, "[INST] ", " [/INST] ", "")),
        ("`User: ... Assistant: `, its last space in the prompt", conversation => Plain(conversation, "User: ", "\nAssistant: ", "")),
        ("`### Instruction: ... ### Response:`", conversation => Plain(conversation, "### Instruction:\n", "\n\n### Response:\n", "")),
    ];

    private static Conversation With(Conversation row, string? system)
    {
        IEnumerable<Turn> turns = row.Turns.SkipWhile(turn => turn.Role is Role.System or Role.Developer);
        return row with { Turns = [.. system is null ? [] : (Turn[])[new(Role.System, system)], .. turns] };
    }

    /// <summary>Turns as plain text: what stands before a question, behind it, and between that and the answer.</summary>
    private static ChatSegment[] Plain(Conversation conversation, string before, string behind, string gap) =>
    [
        .. conversation.Turns.SelectMany(turn => turn.Role switch
        {
            Role.User => [new(ChatSegmentKind.Text, $"{before}{turn.Content}{behind}")],
            Role.Assistant =>
            [
                new(ChatSegmentKind.Text, gap + turn.Content, Trained: true), new(ChatSegmentKind.Marker, "", Trained: true), new(ChatSegmentKind.Text, "\n"),
            ],
            _ => turn.Content.Length == 0 ? [] : (ChatSegment[])[new(ChatSegmentKind.Text, $"{turn.Content}\n\n")],
        }),
    ];

    /// <summary>
    /// Ids of segments: a trained marker is the model's own end of turn, any other what the vocabulary has for it. What comes after the last answer is left
    /// out.
    /// </summary>
    private static CompletionTarget Encoded(ChatEncoder chat, IReadOnlyList<ChatSegment> segments, bool countsEnd)
    {
        TextTokenizer tokenizer = chat.Tokenizer;
        (List<long> ids, List<bool> trained) = ([], []);
        (string text, Follows follows) = ("", Follows.Nothing);
        int last = Enumerable.Range(0, segments.Count).Last(i => segments[i].Trained);
        foreach (ChatSegment segment in segments.Take(last + 1))
        {
            long? id = segment.Kind == ChatSegmentKind.Text ? null : segment.Trained ? chat.EndOfTurn
                : tokenizer.IdOf(segment.Text) is { } known && tokenizer.IsSpecial(known) ? known : null;
            if (id is null && !segment.Trained)
            {
                text += segment.Text; // With its neighbours it is split as a whole.
                continue;
            }

            Add(text, train: false);
            text = "";
            if (id is { } marker)
            {
                ids.Add(marker);
                trained.Add(segment.Trained && countsEnd);
                follows = Follows.SpecialToken;
            }
            else
            {
                Add(segment.Text, train: true);
            }
        }

        return new(ids, trained);

        void Add(string part, bool train)
        {
            long[] more = tokenizer.EncodePart(part, follows);
            ids.AddRange(more);
            trained.AddRange(Enumerable.Repeat(train, more.Length));
            follows = more.Length > 0 ? Follows.Text : follows;
        }
    }
}
